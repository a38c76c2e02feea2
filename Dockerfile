# SPDX-License-Identifier: Apache-2.0
#
# Not built in CI yet. The base images are arguments: give those that you trust and can reach. BUILD_IMAGE has the
# .NET 10 SDK, RUNTIME_IMAGE has the ASP.NET Core 10 runtime.
#
#   docker build --build-arg BUILD_IMAGE=... --build-arg RUNTIME_IMAGE=... -t acct-exporter .
#   docker run --pid=host --user 0 --cap-drop ALL --cap-add SYS_PACCT --cap-add LEASE --cap-add SYS_PTRACE \
#     -p 127.0.0.1:9810:9810 -v /run/acct-exporter:/run/acct-exporter -v /var/lib/acct-exporter:/var/lib/acct-exporter \
#     acct-exporter
#
# Accounting belongs to a PID namespace, so the host's needs --pid=host; it ends with the mount namespace it was
# switched on from, so the segments are a directory of the host's, given under its own path.
ARG BUILD_IMAGE=dotnet/sdk:10.0
ARG RUNTIME_IMAGE=dotnet/aspnet:10.0

FROM ${BUILD_IMAGE} AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig ./
COPY src/ src/
RUN dotnet publish src/AcctExporter -c Release -o /app --nologo

FROM ${RUNTIME_IMAGE}
COPY --from=build /app /usr/lib/acct-exporter
EXPOSE 9810
ENTRYPOINT ["/usr/lib/acct-exporter/acct-exporter"]
CMD ["serve", "--accounting.on-exit=keep"]
