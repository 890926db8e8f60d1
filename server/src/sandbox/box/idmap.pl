# Makes the user namespace of a sandbox and mounts its disks with shifted owners. mount(8) has an option for that only
# since util-linux 2.39, and no program makes a user namespace in another user's name; every Debian has Perl.
#   perl idmap.pl OWNER FILE NET BOX-MAP DISK-MAP [SOURCE TARGET ro|rw]...
# NET becomes an empty network namespace of the box. FILE becomes the box's user namespace. It belongs to OWNER, not to
# root: the kernel charges OWNER with the pipes, watches (inotify), signals and message queues of all users of the
# namespace.
use strict;
use warnings;
use Config;

my ($owner, $file, $net, $box_map, $disk_map, @mounts) = @ARGV;
my %number = $Config{archname} =~ /^x86_64/
  ? (unshare => 272, prctl => 157, capset => 126, mount => 165)
  : (unshare => 97, prctl => 167, capset => 91, mount => 40);
@number{qw(open_tree move_mount mount_setattr)} = (428, 429, 442);

use constant {
  AT_FDCWD => -100, AT_EMPTY_PATH => 0x1000, CLONE_NEWUSER => 0x10000000, CLONE_NEWNET => 0x40000000, MS_BIND => 4096,
  OPEN_TREE_CLONE_CLOEXEC => 0x80001, MOVE_MOUNT_F_EMPTY_PATH => 4,
  MOUNT_ATTR_RDONLY => 1, MOUNT_ATTR_NOSUID_NODEV => 6, MOUNT_ATTR_IDMAP => 0x100000,
  PR_SET_KEEPCAPS => 8, CAPABILITY_VERSION_3 => 0x20080522, CAP_SYS_ADMIN => 1 << 21,
};

my ($box, $end_box) = make_namespace($owner, $box_map, CLONE_NEWNET);
call('mount', "/proc/$box/ns/user", $file, 'none', MS_BIND, 0);
call('mount', "/proc/$box/ns/net", $net, 'none', MS_BIND, 0);
$end_box->();

my ($disk, $end_disk) = make_namespace(0, $disk_map, 0);
open my $shift, '<', "/proc/$disk/ns/user" or die "user namespace of the disks: $!\n";
$end_disk->();
while (my ($source, $target, $mode) = splice @mounts, 0, 3) {
  my $tree = call('open_tree', AT_FDCWD, $source, OPEN_TREE_CLONE_CLOEXEC);
  my $set = MOUNT_ATTR_IDMAP | MOUNT_ATTR_NOSUID_NODEV | ($mode eq 'ro' ? MOUNT_ATTR_RDONLY : 0);
  my $attributes = pack 'Q4', $set, 0, 0, fileno $shift;
  call('mount_setattr', $tree, '', AT_EMPTY_PATH, $attributes, length $attributes);
  call('move_mount', $tree, '', AT_FDCWD, $target, MOVE_MOUNT_F_EMPTY_PATH);
}

# Forks a process into a new user namespace with this map, and into further new namespaces that belong to it. The
# process lives until the returned function is called.
sub make_namespace {
  my ($user, $map, $further) = @_;
  pipe my $is_made, my $made or die "pipe: $!\n";
  pipe my $is_over, my $over or die "pipe: $!\n";
  my $pid = fork // die "fork: $!\n";
  if (!$pid) {
    close $over;
    become($user) if $user;
    call('unshare', CLONE_NEWUSER | $further);
    syswrite $made, '1';
    sysread $is_over, my $nothing, 1;
    exit 0;
  }
  close $made;
  sysread $is_made, my $byte, 1 or die "the kernel gave no user namespace\n";
  for my $kind ('uid', 'gid') {
    open my $to, '>', "/proc/$pid/${kind}_map" or die "${kind}_map: $!\n";
    defined syswrite $to, $map or die "${kind}_map: $!\n";
  }
  return $pid, sub { close $over; waitpid $pid, 0 };
}

# Becomes another user that keeps the right to make a user namespace, even where only root has it.
sub become {
  my ($user) = @_;
  $) = "$user $user";
  $( = $user;
  call('prctl', PR_SET_KEEPCAPS, 1, 0, 0, 0);
  ($<, $>) = ($user, $user);
  my $header = pack 'Li', CAPABILITY_VERSION_3, 0;
  my $data = pack 'L6', CAP_SYS_ADMIN, CAP_SYS_ADMIN, 0, 0, 0, 0;
  call('capset', $header, $data);
}

sub call {
  my ($name, @arguments) = @_;
  my $result = syscall $number{$name}, @arguments;
  die "$name: $!\n" if $result < 0;
  return $result;
}
