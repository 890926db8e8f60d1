ARG PG_MAJOR=16
FROM postgres:$PG_MAJOR-bookworm
ARG PG_MAJOR
ADD https://example.com/never /never
# fails example.com
