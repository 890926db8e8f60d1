const CLOSE_SECONDS = 30;

/** The service as systemd runs it. `drainSeconds`: how long the server lets running builds end when it is stopped. */
export function serviceUnit(service: { code: string; config: string; drainSeconds: number }): string {
  const { code, config, drainSeconds } = service;
  return `[Unit]
Description=Slipway, a container image build service and registry
Documentation=file:${code}/docs/install.md
After=network-online.target
Wants=network-online.target

[Service]
# The server says when it is ready, and systemctl start waits for it, however long the data folder takes to open.
Type=notify
NotifyAccess=all
TimeoutStartSec=infinity
# Starts as root, makes the sandbox helper, and continues as the user slipway.
ExecStart=${code}/slipway serve
Environment=SLIPWAY_CONFIG=${config}
WorkingDirectory=/

# SIGTERM goes to the server alone, which lets running builds end for ${drainSeconds} seconds (drain-seconds); then everything
# else is killed. The same happens if the server takes ${CLOSE_SECONDS} seconds more.
KillMode=mixed
TimeoutStopSec=${drainSeconds + CLOSE_SECONDS}
Restart=on-failure
RestartSec=2
# A wrong setting stays wrong.
RestartPreventExitStatus=2
LimitNOFILE=65536
LimitCORE=0
OOMPolicy=continue

# The helper needs root's rights for mounts, loop devices, networks, control groups and user ids: these stay. Options
# that filter system calls (RestrictSUIDSGID=, LockPersonality=, SystemCallFilter= and others) are left out, because
# builds would inherit them: RUN chmod u+s would fail.
CapabilityBoundingSet=~CAP_SYS_MODULE CAP_SYS_BOOT CAP_SYS_TIME CAP_SYS_PACCT CAP_SYSLOG CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_AUDIT_CONTROL CAP_AUDIT_READ
ProtectSystem=full
ProtectKernelLogs=yes
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
`;
}
