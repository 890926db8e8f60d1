# build
FROM node:lts-alpine as build-stage
WORKDIR /app
COPY package*.json ./
RUN npm install
COPY . .
ARG API_URL
ENV API_URL ${API_URL:-http://localhost}
RUN npm run build

# serve
FROM nginx:stable-alpine as production-stage
COPY --from=build-stage /app/dist /usr/share/nginx/html
COPY <<-'NGINX' /etc/nginx/conf.d/default.conf
	server {
	  listen 80;
	  location / { try_files $uri $uri/ /index.html; }
	}
NGINX
HEALTHCHECK --interval=5m --timeout=3s --start-period=10s --start-interval=1s --retries=4 \
  CMD wget -qO- http://localhost/ || exit 1
STOPSIGNAL SIGQUIT
EXPOSE 80
CMD ["nginx", "-g", "daemon off;"]
# has usr/share/nginx/html/index.js etc/nginx/conf.d/default.conf
# text etc/nginx/conf.d/default.conf try_files $uri $uri/
# config c.StopSignal === 'SIGQUIT' && c.Healthcheck.Retries === 4 && c.Healthcheck.Interval === 300e9
