FROM composer:2 AS vendor
WORKDIR /app
COPY composer.json composer.lock ./
RUN --mount=type=secret,id=composer_auth,target=/root/.composer/auth.json,required=false \
    composer install --no-dev --no-interaction --prefer-dist --ignore-platform-reqs
FROM php:8.3-apache AS final
COPY --from=vendor app/vendor/ /var/www/html/vendor
COPY ./src /var/www/html
RUN mkdir -p /usr/local/etc/php /etc/apache2 && touch /usr/local/etc/php/php.ini-production && mv "/usr/local/etc/php/php.ini-production" "/usr/local/etc/php/php.ini" && echo DocumentRoot > /etc/apache2/sites.conf
USER www-data
# has var/www/html/vendor/autoload.php usr/local/etc/php/php.ini
# config c.User === 'www-data'
