package io.streamforge.plc;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.Browser.Node;
import io.streamforge.adapter.Browser.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something with a name in a controller's program.
 *
 * @param name within what it is in; that of an array's element is its index, {@code [3]}
 * @param address as a row of the point table has it
 * @param detail its type, and what the program says of it
 * @param elements of a value that can be read, 1 if it is no array; 0 if it is none
 * @param inside null if there is nothing in it
 */
record Named(
        String name,
        String address,
        String detail,
        int elements,
        @Nullable Inside inside) {

    /** More elements than a row may have are no point. */
    private static final int MOST_ELEMENTS = 1000;

    private static final int MOST_INDEXES = 10_000;
    private static final int MOST_TOLD = 8;

    /** What is in something; asked for when it is wanted. */
    interface Inside {
        List<Named> names() throws IOException;
    }

    /** Of an array: the first index and how many there are. */
    record Dimension(int from, int count) {}

    /** One page of what is below a place. */
    static Page page(Inside top, List<String> place, int from, int limit) throws IOException {
        List<Named> names = top.names();
        StringBuilder above = new StringBuilder();
        for (String wanted : place) {
            List<Named> there = names;
            Named found = there.stream()
                    .filter(named -> named.name.equalsIgnoreCase(wanted))
                    .findFirst()
                    .orElseThrow(() ->
                            missing(wanted, there.stream().map(Named::name).toList()));
            above.append('/').append(found.name);
            names = found.inside == null ? List.of() : found.inside.names();
        }
        int end = Math.min(names.size(), from + limit);
        return new Page(
                names.subList(Math.min(from, end), end).stream()
                        .map(named -> named.node(above.toString()))
                        .toList(),
                names.size() > end);
    }

    /** A path that ends before it should. */
    static IOException missing(String wanted, List<String> there) {
        return new IOException("there is no '%s' where the path leads; there: %s"
                .formatted(
                        wanted,
                        there.isEmpty()
                                ? "nothing"
                                : there.stream().limit(MOST_TOLD).collect(Collectors.joining(", "))
                                        + (there.size() > MOST_TOLD ? ", …" : "")));
    }

    /** An index for each element, {@code [1,2]}, the last dimension fastest. */
    static List<String> indexes(List<Dimension> dimensions) {
        List<String> all = List.of("");
        for (Dimension dimension : dimensions) {
            List<String> longer = new ArrayList<>();
            for (String before : all) {
                for (int i = 0; i < dimension.count && longer.size() < MOST_INDEXES; i++) {
                    longer.add(before.isEmpty() ? "" + (dimension.from + i) : before + "," + (dimension.from + i));
                }
            }
            all = longer;
        }
        return all.stream().map("[%s]"::formatted).toList();
    }

    private Node node(String above) {
        ObjectNode point = null;
        if (elements > 0 && elements <= MOST_ELEMENTS) {
            point = JsonNodeFactory.instance.objectNode().put("name", name).put("address", address);
            if (elements > 1) {
                point.put("elements", elements);
            }
        }
        return new Node(above + "/" + name, name, inside != null, detail, point);
    }
}
