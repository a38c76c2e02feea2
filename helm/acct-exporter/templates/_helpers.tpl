{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{- define "acct-exporter.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "acct-exporter.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "acct-exporter.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "acct-exporter.selectorLabels" -}}
app.kubernetes.io/name: {{ include "acct-exporter.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "acct-exporter.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "acct-exporter.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: metrics
app.kubernetes.io/part-of: acct-exporter
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "acct-exporter.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "acct-exporter.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "acct-exporter.image" -}}
{{- $image := .Values.image }}
{{- $name := $image.repository }}
{{- with $image.registry }}{{ $name = printf "%s/%s" . $name }}{{ end }}
{{- if $image.digest }}
{{- printf "%s@%s" $name $image.digest }}
{{- else }}
{{- printf "%s:%s" $name (default .Chart.AppVersion $image.tag) }}
{{- end }}
{{- end }}

{{/* A setting of the agent by its key: (list . "logins.source" "auto"). */}}
{{- define "acct-exporter.setting" -}}
{{- $value := (index . 0).Values.config }}
{{- range splitList "." (index . 1) }}
{{- if kindIs "map" $value }}{{ $value = get $value . }}{{ end }}
{{- end }}
{{- if or (kindIs "invalid" $value) (kindIs "map" $value) (eq (toString $value) "") }}
{{- index . 2 }}
{{- else if kindIs "slice" $value }}
{{- join "," $value }}
{{- else }}
{{- $value }}
{{- end }}
{{- end }}

{{/* "true" when the agent switches accounting on itself, "" when it follows another program's file. */}}
{{- define "acct-exporter.switches" -}}
{{- if not (include "acct-exporter.setting" (list . "source" "")) }}true{{ end }}
{{- end }}

{{/*
What the kernel asks for, by what is switched on; the table is in docs/privileges.md. The agent gives up what it needs
only at its start.
*/}}
{{- define "acct-exporter.capabilities" -}}
{{- $capabilities := list }}
{{- if include "acct-exporter.switches" . }}
{{- $capabilities = concat $capabilities (list "SYS_PACCT" "SYS_PTRACE") }}
{{- end }}
{{- $labels := splitList "," (nospace (include "acct-exporter.setting" (list . "labels" ""))) }}
{{- if or (ne "off" (include "acct-exporter.setting" (list . "taskstats.mode" "auto")))
      (has "unit" $labels) (has "container" $labels) (has "pod" $labels) }}
{{- $capabilities = append $capabilities "NET_ADMIN" }}
{{- end }}
{{- concat $capabilities .Values.extraCapabilities | uniq | sortAlpha | toJson }}
{{- end }}

{{/*
The node's directories: what is written, then what is read. Directories and not files, because a file that is mounted
stays the same file when it is rotated.
*/}}
{{- define "acct-exporter.directories" -}}
{{- $directories := list }}
{{- if include "acct-exporter.switches" . }}
{{- $path := include "acct-exporter.setting" (list . "accounting.path" "/run/acct-exporter") }}
{{- $directories = append $directories (dict "name" "segments" "path" $path) }}
{{- else }}
{{- $path := dir (include "acct-exporter.setting" (list . "source" "")) }}
{{- $directories = append $directories (dict "name" "source" "path" $path "read" true) }}
{{- end }}
{{- $path := include "acct-exporter.setting" (list . "storage.path" "/var/lib/acct-exporter") }}
{{- $directories = append $directories (dict "name" "storage" "path" $path) }}
{{- $logins := include "acct-exporter.setting" (list . "logins.source" "auto") }}
{{- if ne "off" $logins }}
{{- $read := list (dir (include "acct-exporter.setting" (list . "logins.btmp" "/var/log/btmp"))) }}
{{- if ne "wtmpdb" $logins }}
{{- $read = append $read (dir (include "acct-exporter.setting" (list . "logins.wtmp" "/var/log/wtmp"))) }}
{{- end }}
{{- if ne "wtmp" $logins }}
{{- $read = append $read (dir (include "acct-exporter.setting" (list . "logins.wtmpdb" "/var/lib/wtmpdb/wtmp.db"))) }}
{{- end }}
{{- range $index, $path := uniq $read }}
{{- $directories = append $directories (dict "name" (printf "logins-%d" $index) "path" $path "read" true) }}
{{- end }}
{{- end }}
{{- toJson $directories }}
{{- end }}

{{- define "acct-exporter.probe" -}}
{{- if .root.Values.web.authentication }}
tcpSocket:
  port: {{ .root.Values.service.portName }}
{{- else }}
httpGet:
  path: {{ .path }}
  port: {{ .root.Values.service.portName }}
  scheme: {{ ternary "HTTPS" "HTTP" .root.Values.web.tls }}
{{- end }}
{{ toYaml .probe }}
{{- end }}

{{- define "acct-exporter.annotations" -}}
{{- with .Values.podAnnotations }}
{{- toYaml . }}
{{- end }}
checksum/config: {{ toYaml .Values.config | sha256sum }}
{{- if and .Values.appArmorProfile (semverCompare "<1.30-0" .Capabilities.KubeVersion.Version) }}
container.apparmor.security.beta.kubernetes.io/acct-exporter: {{ ternary "unconfined" "runtime/default" (eq .Values.appArmorProfile "Unconfined") }}
{{- end }}
{{- end }}

{{- define "acct-exporter.containerSecurityContext" -}}
{{- $context := dict
      "runAsUser" 0
      "runAsGroup" 0
      "allowPrivilegeEscalation" false
      "privileged" false
      "readOnlyRootFilesystem" true
      "capabilities" (dict "drop" (list "ALL") "add" (include "acct-exporter.capabilities" . | fromJsonArray))
      "seccompProfile" (dict "type" "RuntimeDefault") }}
{{- if and .Values.appArmorProfile (semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version) }}
{{- $_ := set $context "appArmorProfile" (dict "type" .Values.appArmorProfile) }}
{{- end }}
{{- toYaml (merge (deepCopy .Values.containerSecurityContext) $context) }}
{{- end }}

{{/* What a ServiceMonitor's endpoint and a PodMonitor's have in common: (dict "root" . "monitor" .Values...). */}}
{{- define "acct-exporter.endpoint" -}}
{{- $monitor := .monitor -}}
port: {{ .root.Values.service.portName }}
path: {{ include "acct-exporter.setting" (list .root "web.telemetry-path" "/metrics") }}
scheme: {{ default (ternary "https" "http" .root.Values.web.tls) $monitor.scheme }}
{{- with $monitor.interval }}
interval: {{ . }}
{{- end }}
{{- with $monitor.scrapeTimeout }}
scrapeTimeout: {{ . }}
{{- end }}
{{- with $monitor.tlsConfig }}
tlsConfig:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $monitor.basicAuth }}
basicAuth:
  {{- toYaml . | nindent 2 }}
{{- end }}
relabelings:
  # The job that rules and dashboards ask for.
  - targetLabel: job
    replacement: acct-exporter
  {{- if $monitor.nodeAsInstance }}
  - sourceLabels: [__meta_kubernetes_pod_node_name]
    targetLabel: instance
  {{- end }}
  # Those of the agent's own pod: counters of a node go on when the pod is another, and the agent has labels of its own
  # that are called container and pod.
  - action: labeldrop
    regex: (pod|container|service|endpoint)
  {{- with $monitor.relabelings }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $monitor.metricRelabelings }}
metricRelabelings:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "acct-exporter.scrape" -}}
{{- if .nativeHistograms }}
scrapeProtocols: [PrometheusProto, OpenMetricsText1.0.0, OpenMetricsText0.0.1, PrometheusText0.0.4]
# The classic ones stay for what asks for ..._bucket.
scrapeClassicHistograms: true
{{- end }}
{{- with .sampleLimit }}
sampleLimit: {{ . }}
{{- end }}
{{- end }}
