FROM php:8.3-fpm-alpine
ARG PHPGROUP=laravel PHPUSER=laravel
ENV PHPGROUP=${PHPGROUP}
ENV PHPUSER=${PHPUSER}
RUN adduser -D -s /bin/sh ${PHPUSER}
RUN mkdir -p /usr/local/etc/php-fpm.d && printf '[www]\nuser = www-data\n' > /usr/local/etc/php-fpm.d/www.conf
RUN sed -i "s/user = www-data/user = ${PHPUSER}/g" /usr/local/etc/php-fpm.d/www.conf
RUN set -ex; \
    apk add --no-cache --virtual .build-deps $PHPIZE_DEPS icu-dev; \
    apk del .build-deps
RUN { \
		echo 'opcache.memory_consumption=128'; \
		echo 'opcache.interned_strings_buffer=8'; \
	} > /usr/local/etc/php-fpm.d/opcache.ini
RUN mkdir -p /var/www/html/public
CMD ["php-fpm", "-y", "/usr/local/etc/php-fpm.conf", "-R"]
# text usr/local/etc/php-fpm.d/www.conf user = laravel
# text usr/local/etc/php-fpm.d/opcache.ini opcache.memory_consumption=128
