{{- define "rollcall.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "rollcall.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "rollcall.labels" -}}
{{ include "rollcall.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "rollcall.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}{{ end }}
{{- end }}

{{- /* What can't work is refused with a sentence before anything is installed. */}}
{{- define "rollcall.checks" -}}
{{- if and (not .Values.data.existingClaim) (ne (toString .Values.config.backup) "off") }}
{{- fail "Backups of the org need a place that outlives pods: name a claim in data.existingClaim, or set config.backup to off." }}
{{- end }}
{{- if and (not .Values.data.existingClaim) (ne (toString (dig "retention" "audit" "keep" .Values.config)) "keep") }}
{{- fail "Archives of the audit log are the only copy of what is in them: name a claim in data.existingClaim, or set config.retention.audit to keep." }}
{{- end }}
{{- end }}
