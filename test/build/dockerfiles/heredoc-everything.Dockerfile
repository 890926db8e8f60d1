# syntax=docker/dockerfile:1
FROM alpine
RUN <<-EOT
	set -e
	mkdir -p /a /b
	echo "inside $HOME" > /a/one
EOT
RUN <<EOT cat > /b/two
a line with $NOTHING
EOT
COPY <<one.txt <<"two.txt" /files/
first $HOSTNAME
one.txt
second $HOSTNAME
two.txt
COPY --chmod=0750 --chown=1:2 <<EOF /run.sh
#!/bin/sh
echo run
EOF
RUN <<EOF /run.sh
EOF
# has a/one files/one.txt files/two.txt run.sh
# text files/two.txt second $HOSTNAME
# mode run.sh 750
