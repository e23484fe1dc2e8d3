package io.streamforge.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The ports of a demo, all on loopback. The broker's controller takes the port after the broker's, the plant four in a row. */
final class Ports {

    @Option(names = "--port", paramLabel = "PORT", description = "Console and API (default: 8080).")
    private int console = 8080;

    @Option(
            names = "--gateway-port",
            paramLabel = "PORT",
            description = "The gateway's health and metrics (default: 8090).")
    private int gateway = 8090;

    @Option(
            names = "--broker-port",
            paramLabel = "PORT",
            description = "The stream's broker; its controller takes the next one (default: 19092).")
    private int broker = 19092;

    @Option(names = "--registry-port", paramLabel = "PORT", description = "The schema registry (default: 18081).")
    private int registry = 18081;

    @Option(names = "--postgres-port", paramLabel = "PORT", description = "PostgreSQL (default: 15432).")
    private int postgres = 15432;

    @Option(
            names = "--plant-port",
            paramLabel = "PORT",
            description =
                    "The demo plant's boiler; press line, tank farm and energy meter take the next three (default: 15020).")
    private int plant = 15020;

    int console() {
        return console;
    }

    int gateway() {
        return gateway;
    }

    int broker() {
        return broker;
    }

    int controller() {
        return broker + 1;
    }

    int registry() {
        return registry;
    }

    int postgres() {
        return postgres;
    }

    int plant() {
        return plant;
    }

    /** Fails with every port that cannot be had. */
    void requireFree() {
        List<String> problems = new ArrayList<>();
        Map<Integer, Wish> wished = new HashMap<>();
        for (Wish wish : wishes()) {
            Wish other = wished.putIfAbsent(wish.port, wish);
            if (wish.port < 1 || wish.port > 65535) {
                problems.add("Port %d for %s is not a port: %s must lead to ports from 1 to 65535."
                        .formatted(wish.port, wish.who, wish.option));
            } else if (other != null) {
                problems.add("Port %d is wanted by %s and by %s. Choose another with %s."
                        .formatted(wish.port, other.who, wish.who, wish.option));
            } else if (!free(wish.port)) {
                problems.add("Port %d is taken; %s wants it. Choose another with %s, or end what listens there."
                        .formatted(wish.port, wish.who, wish.option));
            }
        }
        if (!problems.isEmpty()) {
            throw new DemoException(problems);
        }
    }

    private List<Wish> wishes() {
        return List.of(
                new Wish(console, "the console", "--port"),
                new Wish(gateway, "the gateway", "--gateway-port"),
                new Wish(broker, "the broker", "--broker-port"),
                new Wish(controller(), "the broker's controller", "--broker-port"),
                new Wish(registry, "the schema registry", "--registry-port"),
                new Wish(postgres, "PostgreSQL", "--postgres-port"),
                new Wish(plant, "the plant's boiler", "--plant-port"),
                new Wish(plant + 1, "the plant's press line", "--plant-port"),
                new Wish(plant + 2, "the plant's tank farm", "--plant-port"),
                new Wish(plant + 3, "the plant's energy meter", "--plant-port"));
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private record Wish(int port, String who, String option) {}
}
