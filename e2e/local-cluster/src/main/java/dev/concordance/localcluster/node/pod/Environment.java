package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The environment that a container declares. */
final class Environment {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([-._a-zA-Z0-9]+)\\)");

    private final Fields fields;
    private final Cluster cluster;
    private final String namespace;

    Environment(Fields fields, Cluster cluster) {
        this.fields = fields;
        this.cluster = cluster;
        this.namespace = fields.pod().getMetadata().getNamespace();
    }

    Map<String, String> of(Container container) {
        var all = new LinkedHashMap<String, String>();
        for (var source : container.getEnvFrom()) {
            var prefix = source.getPrefix() == null ? "" : source.getPrefix();
            var configMap = source.getConfigMapRef();
            var secret = source.getSecretRef();
            if (configMap != null) {
                configMap(configMap.getName(), configMap.getOptional())
                        .forEach((key, value) -> all.put(prefix + key, text(value)));
            }
            if (secret != null) {
                secret(secret.getName(), secret.getOptional())
                        .forEach((key, value) -> all.put(prefix + key, text(value)));
            }
        }
        for (var variable : container.getEnv()) {
            value(variable, all).ifPresent(value -> all.put(variable.getName(), value));
        }
        return all;
    }

    /** {@code $(NAME)} stands for a variable, where there is one; {@code $$} for a dollar sign. */
    static String expand(String text, Map<String, String> variables) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            var name = match.group(1);
            return Matcher.quoteReplacement(name == null ? "$" : variables.getOrDefault(name, match.group()));
        });
    }

    private Optional<String> value(EnvVar variable, Map<String, String> before) {
        var source = variable.getValueFrom();
        if (source == null) {
            return Optional.of(expand(variable.getValue() == null ? "" : variable.getValue(), before));
        }
        return value(source);
    }

    private Optional<String> value(EnvVarSource source) {
        if (source.getFieldRef() != null) {
            return Optional.of(fields.value(source.getFieldRef().getFieldPath()));
        }
        var configMap = source.getConfigMapKeyRef();
        if (configMap != null) {
            var optional = configMap.getOptional();
            return key(configMap(configMap.getName(), optional), configMap.getKey(), optional, configMap.getName());
        }
        var secret = source.getSecretKeyRef();
        if (secret != null) {
            var optional = secret.getOptional();
            return key(secret(secret.getName(), optional), secret.getKey(), optional, secret.getName());
        }
        throw Refusal.missing("this node can't give an environment variable the value of a resource or file");
    }

    private static Optional<String> key(
            Map<String, byte[]> content, String key, @Nullable Boolean optional, String name) {
        var value = content.get(key);
        if (value == null && !Boolean.TRUE.equals(optional)) {
            throw Refusal.missing("couldn't find key " + key + " in " + name);
        }
        return Optional.ofNullable(value).map(Environment::text);
    }

    private Map<String, byte[]> configMap(String name, @Nullable Boolean optional) {
        return required(cluster.configMap(namespace, name), optional, "configmap \"" + name + "\" not found");
    }

    private Map<String, byte[]> secret(String name, @Nullable Boolean optional) {
        return required(cluster.secret(namespace, name), optional, "secret \"" + name + "\" not found");
    }

    private static Map<String, byte[]> required(
            Optional<Map<String, byte[]>> content, @Nullable Boolean optional, String otherwise) {
        if (content.isEmpty() && !Boolean.TRUE.equals(optional)) {
            throw Refusal.missing(otherwise);
        }
        return content.orElse(Map.of());
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }
}
