FROM onbuild-node AS final
RUN echo after > after
# has usr/src/app/after usr/src/app/package.json usr/src/app/node_modules/dep/index.js
# config c.OnBuild == null
