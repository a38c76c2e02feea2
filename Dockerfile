# SPDX-License-Identifier: Apache-2.0
#
# An image of the agent: one program, its SQLite library, a user, and nothing else above a small Debian.
#
#   docker build -t acct-exporter .
#
# How it is run, and what a container can and cannot see: docs/container.md. Both base images are arguments, for those who
# have mirrors or images of their own: BUILD_IMAGE has the .NET 10 SDK and bash, RUNTIME_IMAGE is a Debian 12 or newer, or a
# system with its C and C++ libraries, bash, and OpenSSL 3 (which is installed where it is missing).
ARG BUILD_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=docker.io/library/debian:trixie-slim

FROM ${BUILD_IMAGE} AS build
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
WORKDIR /source
# What the packages depend on comes first: they are fetched anew only when it changes.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY src/AcctExporter/AcctExporter.csproj src/AcctExporter/
RUN dotnet restore src/AcctExporter -p:Shipped=true --artifacts-path artifacts/publish
COPY .editorconfig ./
COPY deploy/common.sh deploy/publish.sh deploy/
COPY src/ src/
# The commit: `acct-exporter --version` and acct_exporter_build_info say it.
ARG REVISION=""
RUN ./deploy/publish.sh /app "-p:SourceRevisionId=${REVISION}" && chmod 0755 /app /app/acct-exporter && chmod 0644 /app/*.so

FROM ${RUNTIME_IMAGE}
# Root's group may write to the two folders: the agent as root has no right to what is another's (docs/privileges.md).
# TLS takes OpenSSL and the certificates of authorities; Debian's package of these brings both. What is there stays.
RUN if [ ! -e /etc/ssl/certs/ca-certificates.crt ] || ! ldconfig -p | grep -q 'libssl\.so\.3'; then \
      apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*; \
    fi \
    && groupadd --gid 9810 acct-exporter \
    && useradd --no-log-init --uid 9810 --gid 9810 --no-create-home --home-dir /var/lib/acct-exporter \
      --shell /usr/sbin/nologin acct-exporter \
    && install -d -o 9810 -g 0 -m 0770 /var/lib/acct-exporter /run/acct-exporter \
    && ln -s /usr/lib/acct-exporter/acct-exporter /usr/bin/acct-exporter
COPY --from=build /app /usr/lib/acct-exporter
COPY LICENSE /usr/share/doc/acct-exporter/LICENSE

ARG VERSION=0.1.0
ARG REVISION=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="acct-exporter" \
      org.opencontainers.image.description="Every process that ever ended on this host, counted once, on /metrics." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.authors="The AcctExporter authors" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"

# Nobody attaches a debugger to it: no socket for one in /tmp, and three threads fewer.
ENV DOTNET_EnableDiagnostics=0
# Accounting files of others, logins and reports take no more than this user. To switch accounting on takes root with
# few capabilities: --user 0, see docs/container.md.
USER acct-exporter
VOLUME ["/var/lib/acct-exporter"]
EXPOSE 9810
STOPSIGNAL SIGTERM
# The health page on the default address. With TLS, or another address, give your own (--health-cmd) or none
# (--no-healthcheck); Kubernetes asks by its own probes.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9810 && printf 'GET /-/healthy HTTP/1.0\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]
ENTRYPOINT ["/usr/bin/acct-exporter"]
CMD ["serve"]
