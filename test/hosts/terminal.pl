# Runs a command at a terminal of its own, with only what every Debian has: standard input is typed, and what the
# terminal shows goes to standard output. Exits like the command.
#   perl terminal.pl COMMAND…
use strict;
use warnings;
use POSIX ();

# asm-generic/ioctls.h: TIOCSPTLCK, TIOCGPTN, TIOCSCTTY
my ( $unlock, $number, $control ) = ( 0x40045431, 0x80045430, 0x540e );
open my $terminal, '+<', '/dev/ptmx' or die "/dev/ptmx: $!";
my $is_locked = pack 'i', 0;
ioctl $terminal, $unlock, $is_locked or die "unlock: $!";
my $at = pack 'i', 0;
ioctl $terminal, $number, $at or die "number: $!";
my $place = '/dev/pts/' . unpack 'i', $at;

my $command = fork // die "fork: $!";
if ( $command == 0 ) {
    POSIX::setsid();
    open STDIN, '+<', $place or die "$place: $!";
    ioctl STDIN, $control, 0;
    open STDOUT, '>&', \*STDIN;
    open STDERR, '>&', \*STDIN;
    close $terminal;
    exec @ARGV or die "$ARGV[0]: $!";
}

my $is_typing = 1;
for ( ; ; ) {
    my $ready = '';
    vec( $ready, fileno($terminal), 1 ) = 1;
    vec( $ready, fileno(STDIN), 1 ) = 1 if $is_typing;
    next if select( $ready, undef, undef, undef ) < 0;
    if ( $is_typing and vec $ready, fileno(STDIN), 1 ) {
        $is_typing = sysread STDIN, my $typed, 4096;
        syswrite $terminal, $typed if $is_typing;
    }
    next unless vec $ready, fileno($terminal), 1;
    # At the end of the terminal's last program it cannot be read.
    sysread $terminal, my $shown, 65_536 or last;
    syswrite STDOUT, $shown;
}
waitpid $command, 0;
exit( $? & 127 ? 128 + ( $? & 127 ) : $? >> 8 );
