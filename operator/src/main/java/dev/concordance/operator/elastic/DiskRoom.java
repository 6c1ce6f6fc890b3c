package dev.concordance.operator.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * How much can be written to the disks of a cluster before they reach the low watermark, above which Elasticsearch allocates no more
 * replicas to a node.
 */
final class DiskRoom {
    static final String STATS = "/_nodes/data:true/stats/fs?filter_path=nodes.*.fs.total";
    /** A filter of the answer takes the dots in the names of flat settings for levels, and lets none through. */
    static final String SETTINGS = "/_cluster/settings?include_defaults=true&flat_settings=true";

    private static final String DISK = "cluster.routing.allocation.disk.";
    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:[.][0-9]+)?)(b|kb|mb|gb|tb|pb)");
    private static final Pattern SHARE = Pattern.compile("([0-9]+(?:[.][0-9]+)?)%");
    private static final List<String> UNITS = List.of("b", "kb", "mb", "gb", "tb", "pb");
    private static final int KILO = 1_024;
    private static final double ALL = 100;

    private DiskRoom() {}

    /** Empty: there are no watermarks, or nothing that could be read was answered. */
    static Optional<Long> of(JsonNode stats, JsonNode settings) {
        var nodes = stats.path("nodes");
        if (nodes.isEmpty() || "false".equals(setting(settings, "threshold_enabled"))) {
            return Optional.empty();
        }
        var watermark = setting(settings, "watermark.low");
        var headroom = size(setting(settings, "watermark.low.max_headroom"));
        var room = 0L;
        for (var node : nodes) {
            var disk = node.path("fs").path("total");
            var total = disk.path("total_in_bytes").asLong();
            var free = reserved(watermark, headroom, total);
            if (free.isEmpty()) {
                return Optional.empty();
            }
            room += Math.max(0, disk.path("available_in_bytes").asLong() - free.getAsLong());
        }
        return Optional.of(room);
    }

    /** How much of a disk is to stay free. */
    private static OptionalLong reserved(String watermark, OptionalLong headroom, long total) {
        var share = SHARE.matcher(watermark);
        if (!share.matches()) {
            try {
                var ratio = Double.parseDouble(watermark);
                return OptionalLong.of(Math.round(total * (1 - ratio)));
            } catch (NumberFormatException notARatio) {
                return size(watermark);
            }
        }
        var free = Math.round(total * (1 - Double.parseDouble(share.group(1)) / ALL));
        return OptionalLong.of(headroom.isPresent() ? Math.min(free, headroom.getAsLong()) : free);
    }

    private static String setting(JsonNode settings, String name) {
        for (var scope : new String[] {"transient", "persistent", "defaults"}) {
            var value = settings.path(scope).path(DISK + name);
            if (!value.isMissingNode()) {
                return value.asText();
            }
        }
        return "";
    }

    private static OptionalLong size(String text) {
        var match = SIZE.matcher(text);
        if (!match.matches()) {
            return OptionalLong.empty();
        }
        var power = UNITS.indexOf(match.group(2));
        return OptionalLong.of(Math.round(Double.parseDouble(match.group(1)) * Math.pow(KILO, power)));
    }
}
