package dev.concordance.crd;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;

/** The Java types behind the parts of a schema. */
final class SchemaTypes {
    private SchemaTypes() {}

    static Class<?> raw(Type type) {
        return type instanceof ParameterizedType parameterized ? raw(parameterized.getRawType()) : (Class<?>) type;
    }

    static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    static Type property(Class<?> type, String name) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> name.equals(name(field)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(type + " has no field " + name))
                .getGenericType();
    }

    private static String name(Field field) {
        var property = field.getAnnotation(JsonProperty.class);
        return property == null || property.value().isEmpty() ? field.getName() : property.value();
    }
}
