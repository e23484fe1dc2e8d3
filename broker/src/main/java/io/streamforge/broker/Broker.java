package io.streamforge.broker;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/**
 * The broker as a process. Prints one line when it can be used, {@code READY broker=… registry=…}, and ends when its standard input closes,
 * so that it never outlives the process that started it; unless it was told to.
 */
public final class Broker {

    private Broker() {}

    public static void main(String... arguments) throws IOException, InterruptedException {
        if (arguments.length == 1 && arguments[0].equals("--help")) {
            System.out.println(CommandLine.USAGE);
            return;
        }
        CommandLine commandLine;
        EmbeddedBroker broker;
        try {
            commandLine = CommandLine.parse(arguments);
            broker = EmbeddedBroker.start(commandLine.broker());
        } catch (CommandLine.UsageException e) {
            System.err.println(e.getMessage());
            System.err.println(CommandLine.USAGE);
            System.exit(2);
            return;
        } catch (BrokerStartException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-shutdown"));
        System.out.println("READY broker=%s registry=%s".formatted(broker.bootstrapServers(), broker.registryUrl()));
        if (commandLine.detached()) {
            new CountDownLatch(1).await();
        }
        while (System.in.read() >= 0) {
            // Only its end matters.
        }
        System.exit(0);
    }
}
