package io.streamforge.knx;

import static io.streamforge.knx.RunningSource.json;
import static io.streamforge.knx.RunningSource.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.streamforge.adapter.DeviceState;
import io.streamforge.knx.peers.KnxInterface;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tuwien.auto.calimero.GroupAddress;
import tuwien.auto.calimero.link.KNXNetworkLinkIP;
import tuwien.auto.calimero.link.medium.TPSettings;
import tuwien.auto.calimero.process.ProcessCommunicatorImpl;

/** What knxd cannot be made to do, against a responder from the specification; Calimero's client gets on with it, too. */
class KnxInterfaceIT {

    private static final String UNHURRIED = "timeoutMs=5000&reconnectMaxDelayMs=100&maxRequestsPerSecond=0";

    /** Where something is waited for in vain. */
    private static final String QUICK = "timeoutMs=500&reconnectMaxDelayMs=100&maxRequestsPerSecond=0";

    private static final String SWITCH =
            "[{\"name\":\"switch\",\"address\":\"1/2/3\",\"type\":\"1.001\",\"writable\":true}]";
    private static final int GROUP = 0x0A03;

    private final List<AutoCloseable> open = new ArrayList<>();
    private KnxInterface peer = new KnxInterface(false).has(GROUP, "01");

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        peer.close();
    }

    /** 03_08_02 Core (CONNECT_REQUEST), 03_08_04 Tunnelling (TUNNELLING_REQUEST): the frames as they are to be. */
    @Test
    void saysWhatTheSpecificationSays() throws Exception {
        RunningSource source = run(UNHURRIED);
        source.awaitValue("switch", new Value.Flag(true));
        source.close();
        patiently().until(() -> peer.received("0209") == 1);

        String connect = peer.received().get(0);
        String endpoint = connect.substring(12, 28);
        assertThat(endpoint).matches("08017f000001[0-9a-f]{4}").doesNotEndWith("0000");
        assertThat(connect).isEqualTo("06100205001a" + endpoint + endpoint + "04040200");
        assertThat(peer.received().get(1)).isEqualTo("06100420001504150000" + "1100bce000000a03010000");
        assertThat(peer.received())
                .contains("06100421000a04150000", "06100421000a04150100", "0610020900101500" + endpoint);
    }

    @Test
    void leavesItsAddressOutBehindNat() throws Exception {
        run(UNHURRIED + "&nat=true").awaitValue("switch", new Value.Flag(true));

        assertThat(peer.received().get(0)).isEqualTo("06100205001a" + "0801000000000000".repeat(2) + "04040200");
    }

    @Test
    void sendsTelegramsToTheDataEndpoint() throws Exception {
        peer.close();
        peer = new KnxInterface(true).has(GROUP, "01");

        RunningSource source = run(UNHURRIED);
        source.awaitValue("switch", new Value.Flag(true));
        peer.tell(GROUP, "80");
        source.awaitValue("switch", new Value.Flag(false));
    }

    /** 03_08_02, E_CONNECTION_TYPE. */
    @Test
    void goesOnTryingWhereItIsRefused() throws Exception {
        peer.connectStatus(0x22);
        RunningSource source = run(UNHURRIED);
        patiently().until(() -> peer.received("0205") > 3);
        assertThat(source.consumer().fault().orElseThrow())
                .endsWith("the interface refuses the tunnel: 0x22 E_CONNECTION_TYPE");
        patiently().until(() -> !source.samples("switch").isEmpty());
        assertThat(source.samples("switch")).extracting(Sample::quality).containsExactly(Quality.BAD);

        peer.connectStatus(0);
        source.awaitValue("switch", new Value.Flag(true));
    }

    /** 03_08_04 §2.6: the same request once more, under the same number. */
    @Test
    void repeatsARequestWhoseAcknowledgementGotLost() throws Exception {
        peer.lostAcknowledgements(1);
        RunningSource source = run(QUICK);

        source.awaitValue("switch", new Value.Flag(true));

        assertThat(peer.received().stream().filter(frame -> frame.startsWith("06100420")))
                .containsExactly(
                        "061004200015041500001100bce000000a03010000", "061004200015041500001100bce000000a03010000");
        assertThat(peer.received("0205")).isEqualTo(1);
    }

    /** A thread that had no time was late, not the interface. */
    @Test
    void takesWhatCameInTimeHoweverLateItLooks() throws Exception {
        KnxConfig config =
                KnxConfig.parse(json("{\"host\":\"127.0.0.1\",\"port\":%d,\"timeoutMs\":500}".formatted(peer.port())));
        Point point = PointTable.parse(json(SWITCH)).get(0);
        try (Selector selector = Selector.open();
                Tunnel tunnel = Tunnel.open(config, new DeviceState("KNX", config.address()), selector)) {
            tunnel.send(Telegram.read(point.group()));
            long due = System.nanoTime() + config.timeout().toNanos();
            patiently().until(() -> peer.sequence() == 2 && System.nanoTime() - due > 0);

            assertThat(tunnel.await(due)).as("the acknowledgement").isNull();
            assertThat(Objects.requireNonNull(tunnel.await(due)).message()).isEqualTo(Telegram.Message.CONFIRMED);
            assertThat(Objects.requireNonNull(tunnel.await(due)).service()).isEqualTo(Telegram.Service.RESPONSE);
        }
        patiently().until(() -> peer.received("0209") == 1);
        assertThat(peer.received("0420")).isEqualTo(1);
    }

    /** 03_08_04 §2.6: not acknowledged twice, the tunnel is ended. */
    @Test
    void givesTheTunnelUpAfterTwoLostAcknowledgements() throws Exception {
        peer.lostAcknowledgements(2);
        RunningSource source = run(QUICK);

        source.awaitValue("switch", new Value.Flag(true));

        assertThat(peer.received("0205")).isEqualTo(2);
        assertThat(peer.received("0209")).isEqualTo(1);
        assertThat(source.samples("switch").get(0).reason())
                .isEqualTo("connection: no TUNNELLING_ACK within 500 ms, twice");
    }

    @Test
    void givesTheTunnelUpWhereARequestIsNotAccepted() throws Exception {
        peer.acknowledgement(0x21);
        RunningSource source = run(UNHURRIED);
        patiently().until(() -> peer.received("0205") > 1);
        awaitReason(source, "connection: a request is refused: 0x21 E_CONNECTION_ID");

        peer.acknowledgement(0);
        source.awaitValue("switch", new Value.Flag(true));
    }

    /** 03_08_04 §2.6: the one before is acknowledged and not taken, any other is neither. */
    @Test
    void takesEachTelegramOnceAndInItsOrder() throws Exception {
        RunningSource source = run(UNHURRIED).connected();
        source.awaitValue("switch", new Value.Flag(true));
        int next = peer.sequence();

        peer.tell(GROUP, "80");
        source.awaitValue("switch", new Value.Flag(false));
        peer.tell(GROUP, "80", next);
        peer.tell(GROUP, "81", next + 5);
        patiently().until(() -> acknowledged(next) == 2);
        peer.tell(GROUP, "81");
        source.awaitValue("switch", new Value.Flag(true));

        assertThat(source.samples("switch")).hasSize(3);
        assertThat(acknowledged(next + 5)).isZero();
    }

    private long acknowledged(int sequence) {
        return peer.received().stream()
                .filter("06100421000a0415%02x00".formatted(sequence)::equals)
                .count();
    }

    @Test
    void comesBackAfterTheInterfaceEndedTheTunnel() throws Exception {
        RunningSource source = run(UNHURRIED);
        source.awaitValue("switch", new Value.Flag(true));

        peer.disconnect();

        patiently()
                .until(() ->
                        peer.received("020a") == 1 && source.samples("switch").size() == 3);
        assertThat(source.samples("switch").get(1).reason()).isEqualTo("connection: the interface ended the tunnel");
    }

    /** 03_08_02 §5.4: asked once and three times again, then it is given up. */
    @Test
    void givesATunnelUpWhoseHeartbeatIsMissing() throws Exception {
        RunningSource source = run("timeoutMs=100&heartbeatIntervalMs=1000&reconnectMaxDelayMs=100");
        source.awaitValue("switch", new Value.Flag(true));
        long tunnels = peer.received("0205");
        peer.silentState(true);

        awaitReason(source, "connection: no answer to the heartbeat within 100 ms, 4 times");
        assertThat(peer.received("0207")).isGreaterThanOrEqualTo(4);
        patiently().until(() -> peer.received("0205") > tunnels);
    }

    @Test
    void keepsATunnelWhoseHeartbeatIsAnswered() throws Exception {
        RunningSource source = run(UNHURRIED + "&heartbeatIntervalMs=1000");
        patiently().until(() -> peer.received("0207") >= 2);

        assertThat(peer.received("0205")).isEqualTo(1);
        assertThat(source.consumer().fault()).isEmpty();
    }

    /** 03_08_02, E_CONNECTION_ID: an interface that was restarted does not know the tunnel. */
    @Test
    void connectsAgainWhereTheInterfaceHasForgottenTheTunnel() throws Exception {
        RunningSource source = run(UNHURRIED + "&heartbeatIntervalMs=1000");
        source.awaitValue("switch", new Value.Flag(true));
        peer.stateStatus(0x21);

        patiently().until(() -> peer.received("0205") > 1);

        awaitReason(source, "connection: the tunnel does not stand: 0x21 E_CONNECTION_ID");
    }

    /** 03_06_03 EMI and IMI (L_Data.con): the error flag of a confirmation. */
    @Test
    void saysThatTheBusDidNotTakeAWrite() throws Exception {
        RunningSource source = run(QUICK);
        source.awaitValue("switch", new Value.Flag(true));
        peer.confirmation(0xBD);
        assertThatThrownBy(() -> source.consumer().write(0, new Value.Flag(false)))
                .isInstanceOf(IOException.class)
                .hasMessage("L_Data.con: the bus did not take the telegram");

        peer.confirmation(0);
        assertThatThrownBy(() -> source.consumer().write(0, new Value.Flag(false)))
                .isInstanceOf(IOException.class)
                .hasMessage("L_Data.con missing: the interface did not say whether the bus took the telegram");

        peer.confirmation(0xBC);
        assertThat(source.consumer().write(0, new Value.Flag(false))).isEqualTo(new Value.Flag(false));
        assertThat(peer.received("0205")).isEqualTo(1);
    }

    /** An answer does not say to which question: what is asked behind a write must not be answered from before it. */
    @Test
    void asksAnewForWhomeverWantsToKnowNow() throws Exception {
        peer.close();
        peer = new KnxInterface(false);
        RunningSource source = run(UNHURRIED).connected();
        patiently().until(() -> peer.received("0421") == 1);
        assertThat(source.consumer().write(0, new Value.Flag(true))).isEqualTo(new Value.Flag(true));

        CompletableFuture<List<Sample>> back =
                CompletableFuture.supplyAsync(() -> source.consumer().read(List.of(0)));
        peer.tell(GROUP, "40");
        source.awaitValue("switch", new Value.Flag(false));
        patiently().until(() -> peer.received("0420") == 3);
        peer.tell(GROUP, "80");
        peer.tell(GROUP, "41");

        assertThat(back.get()).extracting(Sample::value).containsExactly(new Value.Flag(true));
    }

    /** Bits flipped, cut short, lengthened, noise: whatever of it may mean something, the source goes on. */
    @Test
    void standsTenThousandMalformedDatagrams() throws Exception {
        RunningSource source = run(UNHURRIED);
        source.awaitValue("switch", new Value.Flag(true));
        List<String> like = List.of(
                "06100420001504150000" + "2900bcd011050a03010081",
                "06100421000a04150000",
                "0610020800081500",
                "061002060014150008017f0000010e570404110a",
                "06100209001015000801000000000000");
        Random random = new Random(11);
        for (int i = 0; i < 10_000; i++) {
            peer.raw(malformed(HexFormat.of().parseHex(like.get(random.nextInt(like.size()))), random));
            if (i % 100 == 99) {
                long asked = peer.received("0421");
                patiently().until(() -> {
                    peer.tell(GROUP, "81");
                    return peer.received("0421") > asked || peer.received("0205") > 1;
                });
            }
        }
        source.stream().forget();
        patiently().until(() -> {
            peer.tell(GROUP, "80");
            return new Value.Flag(false).equals(source.last("switch"));
        });
        assertThat(source.consumer().counters().errors()).containsKey("protocol");
    }

    private static byte[] malformed(byte[] frame, Random random) {
        byte[] piece = frame;
        switch (random.nextInt(4)) {
            case 0 -> {
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    piece[random.nextInt(piece.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> piece = Arrays.copyOf(piece, random.nextInt(piece.length));
            case 2 -> piece = Arrays.copyOf(piece, piece.length + 1 + random.nextInt(600));
            default -> {
                piece = new byte[random.nextInt(600)];
                random.nextBytes(piece);
            }
        }
        return piece;
    }

    /** Somebody else's client reads and writes through the responder, as this one does. */
    @Test
    void theResponderIsOneForCalimero() throws Exception {
        peer.has(0x0A04, "000cb5");
        try (KNXNetworkLinkIP link = KNXNetworkLinkIP.newTunnelingLink(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), peer.port()),
                        false,
                        new TPSettings());
                ProcessCommunicatorImpl process = new ProcessCommunicatorImpl(link)) {
            assertThat(process.readFloat(new GroupAddress(1, 2, 4))).isCloseTo(24.1, within(0.001));
            process.write(new GroupAddress(1, 2, 3), true);
        }
        assertThat(peer.received())
                .anyMatch(frame -> frame.endsWith("0a03010081"))
                .anyMatch(frame -> frame.endsWith("0a04010000"));
    }

    /** What is said of the point goes through the stream's thread. */
    private static void awaitReason(RunningSource source, String reason) {
        patiently().until(() -> source.samples("switch").stream().anyMatch(sample -> reason.equals(sample.reason())));
    }

    private RunningSource run(String options) throws Exception {
        RunningSource source = new RunningSource(peer.port(), options, SWITCH);
        open.add(source);
        return source;
    }
}
