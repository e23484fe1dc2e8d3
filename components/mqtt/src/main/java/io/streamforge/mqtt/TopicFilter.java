package io.streamforge.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which topics a row takes, and which of their levels have a name: {@code plant/{area}/{asset}/+/#} (MQTT 5.0 §4.7, shared subscriptions §4.8.2).
 *
 * @param subscription as the broker is asked, {@code $share/<group>/} included
 * @param levels of the filter, named ones as {@code +}
 * @param names of the levels with a name, in their order
 * @param named the places of those levels
 */
record TopicFilter(String subscription, List<String> levels, List<String> names, List<Integer> named) {

    private static final String SHARE = "$share/";
    private static final Pattern NAME = Pattern.compile("\\{[a-z][a-zA-Z0-9]{0,31}}");
    private static final int MOST_BYTES = 65_535;

    TopicFilter {
        levels = List.copyOf(levels);
        names = List.copyOf(names);
        named = List.copyOf(named);
    }

    /** @throws IllegalArgumentException saying what is wrong with it, without a subject */
    static TopicFilter parse(String written) {
        String group = "";
        String rest = written;
        if (written.startsWith(SHARE)) {
            int end = written.indexOf('/', SHARE.length());
            String name = end < 0 ? "" : written.substring(SHARE.length(), end);
            if (name.isEmpty() || name.contains("+") || name.contains("#")) {
                throw new IllegalArgumentException(
                        "must be $share/<group>/<topic> for a shared subscription, got '%s'".formatted(written));
            }
            group = written.substring(0, end + 1);
            rest = written.substring(end + 1);
        }
        if (rest.isEmpty() || rest.indexOf('\0') >= 0 || written.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new IllegalArgumentException("must be a topic of 1 to 65535 bytes");
        }
        List<String> levels = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Integer> named = new ArrayList<>();
        String[] parts = rest.split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (NAME.matcher(part).matches()) {
                names.add(part.substring(1, part.length() - 1));
                named.add(i);
                levels.add("+");
            } else if (part.equals("+") || part.equals("#") && i == parts.length - 1) {
                levels.add(part);
            } else if (part.contains("+") || part.contains("#") || part.contains("{") || part.contains("}")) {
                throw new IllegalArgumentException(
                        "must have + and {name} for whole levels and # for the last one, got level '%s'"
                                .formatted(part));
            } else {
                levels.add(part);
            }
        }
        Set<String> different = new HashSet<>(names);
        if (different.size() < names.size()) {
            throw new IllegalArgumentException("must name each level differently, got '%s'".formatted(written));
        }
        return new TopicFilter(group + String.join("/", levels), levels, names, named);
    }

    /** True if it takes one topic only, and every message of it. */
    boolean isOneTopic() {
        return isName(subscription) && subscription.equals(plain());
    }

    /** True if it is the name of a topic, to which a message can be sent (MQTT 5.0 §4.7.1). */
    static boolean isName(String topic) {
        return !topic.isEmpty()
                && topic.chars().noneMatch(c -> "+#{}\0".indexOf(c) >= 0)
                && topic.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
    }

    /** Without the group: what a test subscribes to, so that it takes nothing from those who share it. */
    String plain() {
        return String.join("/", levels);
    }

    /** What the named levels of a topic are, in the order of {@link #names}; null if the filter does not take the topic. */
    @Nullable
    List<String> match(String topic) {
        String[] given = topic.split("/", -1);
        int last = levels.size() - 1;
        boolean open = levels.get(last).equals("#");
        if (open ? given.length < last : given.length != levels.size()) {
            return null;
        }
        for (int i = 0; i < (open ? last : levels.size()); i++) {
            if (!levels.get(i).equals("+") && !levels.get(i).equals(given[i])) {
                return null;
            }
        }
        List<String> values = new ArrayList<>(named.size());
        for (int place : named) {
            values.add(given[place]);
        }
        return values;
    }

    /** True if there is a topic that both take. */
    boolean overlaps(TopicFilter other) {
        for (int i = 0; i < Math.max(levels.size(), other.levels.size()); i++) {
            String mine = i < levels.size() ? levels.get(i) : "";
            String its = i < other.levels.size() ? other.levels.get(i) : "";
            if (mine.equals("#") || its.equals("#")) {
                return true;
            }
            if (i >= levels.size() || i >= other.levels.size()) {
                // "a/#" takes "a" as well
                return false;
            }
            if (!mine.equals("+") && !its.equals("+") && !mine.equals(its)) {
                return false;
            }
        }
        return true;
    }
}
