# escape=`
# syntax=docker/dockerfile:1
FROM busybox
ENV FOLDER=C:\app `
    OTHER=two
RUN echo "$OTHER" `
    > /told && `
    echo done
COPY src/index.js `
  /copied
# has copied
# text told two
# config c.Env.includes('FOLDER=C:\\app')
