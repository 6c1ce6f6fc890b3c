{{- define "concordance.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "concordance.operator" -}}
{{ include "concordance.fullname" . }}-operator
{{- end -}}

{{/* Cluster-wide names: two releases of the same name in two namespaces must not share them. */}}
{{- define "concordance.clusterName" -}}
{{ printf "%s:%s" .Release.Namespace (include "concordance.operator" .) }}
{{- end -}}

{{- define "concordance.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "concordance.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "concordance.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: concordance
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "concordance.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "concordance.operator" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Takes a list: the context, and one of the values below image. */}}
{{- define "concordance.image" -}}
{{- $context := index . 0 -}}
{{- $image := index . 1 -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository (default $context.Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{/* The namespaces that the operator watches as a JSON list; empty: all. */}}
{{- define "concordance.namespaces" -}}
{{- if eq .Values.watch.scope "own" -}}
{{- list .Release.Namespace | toJson -}}
{{- else if eq .Values.watch.scope "listed" -}}
{{- .Values.watch.namespaces | toJson -}}
{{- else -}}
[]
{{- end -}}
{{- end -}}
