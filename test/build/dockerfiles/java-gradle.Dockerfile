FROM gradle:8-jdk21-alpine AS builder
WORKDIR /home/gradle/project
COPY --chown=gradle:gradle . .
ENV GRADLE_OPTS "-Dorg.gradle.daemon=false -Xmx256m"
RUN gradle --no-daemon bootJar || exit 2
FROM eclipse-temurin:21-jre
VOLUME /tmp
ARG JAR_FILE=/home/gradle/project/build/libs/*.jar
COPY --from=builder ${JAR_FILE} app.jar
ENTRYPOINT ["sh","-c","java ${JAVA_OPTS} -jar /app.jar ${0} ${@}"]
# has app.jar
# config c.Entrypoint[2] === 'java ${JAVA_OPTS} -jar /app.jar ${0} ${@}'
