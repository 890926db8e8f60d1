FROM maven:3.9-eclipse-temurin-21 AS deps
WORKDIR /build
COPY --chmod=0755 scripts/start.sh mvnw
RUN --mount=type=bind,source=pom.xml,target=pom.xml \
    --mount=type=cache,target=/root/.m2 ./mvnw dependency:go-offline -DskipTests || mvn dependency:go-offline
FROM deps AS package
COPY ./src src/
RUN --mount=type=bind,source=pom.xml,target=pom.xml \
    --mount=type=cache,target=/root/.m2 \
    mvn package -DskipTests && \
    mv target/app.jar target/final.jar
FROM package AS extract
WORKDIR /build
RUN java -Djarmode=layertools -jar target/final.jar extract --destination target/extracted
FROM eclipse-temurin:21-jre-jammy AS final
ARG UID=10001
RUN adduser --disabled-password --gecos "" --home "/nonexistent" --shell "/sbin/nologin" --no-create-home --uid "${UID}" appuser
USER appuser
COPY --from=extract build/target/extracted/dependencies/ ./
COPY --from=extract build/target/extracted/application/ ./
EXPOSE 8080
ENTRYPOINT [ "java", "-cp", "app:app/lib/*", "org.example.Main" ]
# has app.class dependency.jar
