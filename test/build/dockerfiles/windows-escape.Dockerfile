# escape=`

# A file of the Windows world, read with another escape character.
FROM busybox
SHELL ["/bin/sh", "-c"]
ENV FOLDER=C:\app `
    OTHER=two
RUN echo "$FOLDER" `
    > /told && `
    echo done
COPY src\index.js /copied `
# the end
# fails syntax error in pattern
