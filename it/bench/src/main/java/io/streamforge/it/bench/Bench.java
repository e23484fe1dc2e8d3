package io.streamforge.it.bench;

import io.streamforge.it.bench.aggregate.AggregateBench;
import io.streamforge.it.bench.codec.CodecBench;
import io.streamforge.it.bench.memory.MemoryBench;
import io.streamforge.it.bench.modbus.ModbusBench;
import io.streamforge.it.bench.mqtt.MqttBench;
import io.streamforge.it.bench.opcua.OpcUaBench;
import io.streamforge.it.bench.validate.DeliveryBench;
import io.streamforge.it.bench.validate.LatencyBench;
import io.streamforge.it.bench.validate.ValidateBench;
import io.streamforge.it.bench.warmup.WarmupBench;
import java.util.Arrays;

/** What {@code ./streamforge bench NAME} starts. */
public final class Bench {

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments.length == 0 ? "" : arguments[0];
        String[] options = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        try {
            run(name, options);
        } catch (Limits.MissedException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (Arguments.UsageException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static void run(String name, String[] options) throws Exception {
        switch (name) {
            case "aggregate" -> AggregateBench.main(options);
            case "validate" -> ValidateBench.main(options);
            case "codec" -> CodecBench.main(options);
            case "exactly-once" -> DeliveryBench.main(options);
            case "latency" -> LatencyBench.main(options);
            case "memory" -> MemoryBench.main(options);
            case "modbus" -> ModbusBench.main(options);
            case "mqtt" -> MqttBench.main(options);
            case "opcua" -> OpcUaBench.main(options);
            case "startup" -> StartupBench.main(options);
            case "warmup" -> WarmupBench.main(options);
            default -> {
                System.err.printf(
                        "Unknown bench '%s'. Known: aggregate, codec, exactly-once, latency, memory, modbus, mqtt, opcua, startup, validate, warmup.%n",
                        name);
                System.exit(2);
            }
        }
    }
}
