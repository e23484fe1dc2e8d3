package io.streamforge.plc;

import io.streamforge.adapter.OptionErrors;
import io.streamforge.adapter.Pace;
import io.streamforge.adapter.TableRow;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The protocols that PLCs are asked in, with their options, their addresses and their connections. */
enum Driver {
    /** The driver splits requests by itself, so it matters not how large they are. */
    S7("s7", "S7", 102, Integer.MAX_VALUE) {
        @Override
        Map<String, String> complete(Map<String, String> options, OptionErrors errors) {
            Options given = new Options(options, errors);
            given.whole("rack", 0, 0, 7);
            given.whole("slot", 1, 0, 31);
            given.choice("connectionType", S7Stack.CONNECTION_TYPES, "pg");
            return given.complete();
        }

        @Override
        Set<String> options() {
            return Set.of("rack", "slot", "connectionType");
        }

        @Override
        Variable variable(TableRow row) {
            return S7Address.variable(row);
        }

        @Override
        int bytes(Variable variable) {
            return 0;
        }

        @Override
        Session session(PlcConfig config, Pace pace) {
            return new S7Session(config);
        }
    },

    /** Of Rockwell's Logix controllers, whose tags have names. */
    EIP("eip", "EtherNet/IP", 44818, EipSession.MOST_BYTES) {
        @Override
        Map<String, String> complete(Map<String, String> options, OptionErrors errors) {
            Options given = new Options(options, errors);
            given.text("route", "1,0", CipPath::route);
            return given.complete();
        }

        @Override
        Set<String> options() {
            return Set.of("route");
        }

        @Override
        Variable variable(TableRow row) {
            return CipPath.variable(row);
        }

        @Override
        int bytes(Variable variable) {
            return EipSession.bytes(variable);
        }

        @Override
        Session session(PlcConfig config, Pace pace) {
            return new EipSession(config, pace);
        }
    },

    /** Of Beckhoff's TwinCAT, whose variables have names. */
    ADS("ads", "ADS", 48898, AdsSession.MOST_BYTES) {
        @Override
        Map<String, String> complete(Map<String, String> options, OptionErrors errors) {
            Options given = new Options(options, errors);
            given.text("targetNetId", "", netId -> AmsSession.netId("targetNetId", netId));
            given.whole("targetPort", 851, 1, 65_535);
            given.text("sourceNetId", "", netId -> AmsSession.netId("sourceNetId", netId));
            return given.complete();
        }

        @Override
        Set<String> options() {
            return Set.of("targetNetId", "targetPort", "sourceNetId");
        }

        @Override
        Variable variable(TableRow row) {
            return AdsSymbol.variable(row);
        }

        @Override
        int bytes(Variable variable) {
            return AdsSession.bytes(variable);
        }

        @Override
        Session session(PlcConfig config, Pace pace) {
            return new AdsSession(config, pace);
        }
    },

    /** Of buildings, whose devices have objects with properties. */
    BACNET("bacnet", "BACnet/IP", 47808, BacnetSession.MOST_BYTES) {
        @Override
        Map<String, String> complete(Map<String, String> options, OptionErrors errors) {
            Options given = new Options(options, errors);
            given.whole("writePriority", 16, 1, 16);
            return given.complete();
        }

        @Override
        Set<String> options() {
            return Set.of("writePriority");
        }

        @Override
        Variable variable(TableRow row) {
            return BacnetObject.variable(row);
        }

        @Override
        int bytes(Variable variable) {
            return BacnetSession.BYTES;
        }

        @Override
        Session session(PlcConfig config, Pace pace) {
            return new BacnetSession(config, pace);
        }
    };

    private final String key;
    private final String title;
    private final int port;
    private final int mostBytes;

    Driver(String key, String title, int port, int mostBytes) {
        this.key = key;
        this.title = title;
        this.port = port;
        this.mostBytes = mostBytes;
    }

    /** How a URI writes it. */
    String key() {
        return key;
    }

    /** As operators know the protocol. */
    String title() {
        return title;
    }

    int port() {
        return port;
    }

    /** How large one request may be, if that is for the plan of requests to keep. */
    int mostBytes() {
        return mostBytes;
    }

    /** How much of {@link #mostBytes} a variable takes. */
    abstract int bytes(Variable variable);

    /** The names of the driver's own options. */
    abstract Set<String> options();

    /** Fills in what is left out, and notes what is wrong. */
    abstract Map<String, String> complete(Map<String, String> options, OptionErrors errors);

    /** The variable of a row; errors are noted at the row. */
    abstract Variable variable(TableRow row);

    /**
     * Not yet opened.
     *
     * @param pace for the requests that a read or a write makes beside its first
     */
    abstract Session session(PlcConfig config, Pace pace);

    /** A driver's options as they are checked. */
    private static final class Options {

        private final Map<String, String> given;
        private final OptionErrors errors;
        private final Map<String, String> complete = new TreeMap<>();

        Options(Map<String, String> given, OptionErrors errors) {
            this.given = given;
            this.errors = errors;
        }

        void whole(String name, int otherwise, int min, int max) {
            String text = given.getOrDefault(name, String.valueOf(otherwise));
            try {
                errors.range(name, Long.parseLong(text), min, max);
            } catch (NumberFormatException e) {
                errors.add("%s must be a whole number, got '%s'".formatted(name, text));
            }
            complete.put(name, text);
        }

        void choice(String name, List<String> choices, String otherwise) {
            String text = given.getOrDefault(name, otherwise);
            errors.choice(name, text, choices.toArray(new String[0]), choice -> choice);
            complete.put(name, text);
        }

        /** @param check throws IllegalArgumentException saying what is wrong */
        void text(String name, String otherwise, Consumer<String> check) {
            String text = given.getOrDefault(name, otherwise);
            try {
                check.accept(text);
            } catch (IllegalArgumentException e) {
                errors.add(String.valueOf(e.getMessage()));
            }
            complete.put(name, text);
        }

        Map<String, String> complete() {
            given.keySet().stream()
                    .filter(name -> !complete.containsKey(name))
                    .forEach(name -> errors.add(
                            "%s is unknown, known are %s".formatted(name, String.join(", ", complete.keySet()))));
            return Map.copyOf(complete);
        }
    }
}
