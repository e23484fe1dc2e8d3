package io.streamforge.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.controlplane.Api.Answer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The loss ledger from a gateway's post to the sums. */
class LedgerIT {

    private final Server server = Server.shared();
    private final Api admin = Api.admin(server);
    private final TestGateway gateway = TestGateway.approved(
            server, admin, "gw-" + UUID.randomUUID().toString().substring(0, 8));
    private final String ours = "/api/v1/ledger?gateway=" + gateway.name;
    private final Instant minute = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);

    @Test
    void entriesAddUpOnceHoweverOftenTheyArePosted() {
        post(entry(0, "READ", 10), entry(1, "CLEAN", 8), entry(2, "SYNTHETIC", 1), entry(3, "DEAD", 2));
        post(entry(2, "SYNTHETIC", 1), entry(3, "DEAD", 2), entry(4, "DUPLICATE_DROPPED", 1), entry(5, "READ", 5));
        post(entry(6, "CLEAN", 5), entry(7, "REPEATED", 2), entry(8, "SINK_DEAD", 3), entry(9, "SOMETHING_NEW", 99));
        post(entry(10, "LATE", 4), entry(11, "POLL_FAILED", 6), entry(12, "POLL_FAILED", 1));

        JsonNode items = admin.get(ours).ok().body().get("items");
        assertThat(items.size()).isEqualTo(1);
        JsonNode sums = items.get(0);
        assertThat(sums.get("at").asString()).isEqualTo(minute.toString());
        assertThat(sums.get("adapterId").asString()).isEqualTo("press-07");
        assertThat(sums.get("assetId").isNull()).isTrue();
        assertThat(sums.get("read").asInt()).isEqualTo(15);
        assertThat(sums.get("clean").asInt()).isEqualTo(13);
        assertThat(sums.get("synthetic").asInt()).isEqualTo(1);
        assertThat(sums.get("dead").asInt()).isEqualTo(2);
        assertThat(sums.get("duplicateDropped").asInt()).isEqualTo(1);
        assertThat(sums.get("repeated").asInt()).isEqualTo(2);
        assertThat(sums.get("sinkDead").asInt()).isEqualTo(3);
        assertThat(sums.get("late").asInt()).isEqualTo(4);
        assertThat(sums.get("failedPolls").asInt()).isEqualTo(7);
        assertThat(sums.get("missing").asInt()).isZero();
    }

    @Test
    void whatWasReturnedFromTheDeadLettersStandsOnBothSides() {
        post(
                entry(0, "READ", 2),
                entry(1, "DEAD", 3),
                entry(2, "APPROVED", 1),
                entry(3, "CLEAN", 1),
                entry(4, "REPROCESSED", 1));
        assertThat(admin.get(ours).ok().body().at("/items/0/missing").asInt()).isZero();
    }

    @Test
    void namesTheSeriesAndMinuteThatDoNotBalanceOnceTheyAreSettled() {
        post(
                entry(0, "READ", minute, "press-07", "temperature", 3),
                entry(1, "CLEAN", minute, "press-07", "temperature", 3),
                entry(2, "READ", minute, "press-07", "pressure", 3),
                entry(3, "CLEAN", minute, "press-07", "pressure", 2));
        assertThat(unbalanced().size()).isZero();
        assertThat(summary().get("unbalanced").asInt()).isZero();
        assertThat(admin.get(ours + "&series=true")
                        .ok()
                        .body()
                        .at("/items/0/open")
                        .asBoolean())
                .isTrue();

        Instant later = minute.plus(3, ChronoUnit.MINUTES);
        post(
                entry(4, "READ", later, "press-07", "temperature", 1),
                entry(5, "CLEAN", later, "press-07", "temperature", 1));
        // the gateway may have been stopped: then it counts the rest of the minute beside the first of its new ones
        assertThat(unbalanced().size()).isZero();
        assertThat(summary().get("unbalanced").asInt()).isZero();

        Instant next = later.plus(1, ChronoUnit.MINUTES);
        post(
                entry(6, "READ", next, "press-07", "temperature", 1),
                entry(7, "CLEAN", next, "press-07", "temperature", 1));
        JsonNode unbalanced = unbalanced();
        assertThat(unbalanced.size()).isEqualTo(1);
        assertThat(unbalanced.at("/0/parameter").asString()).isEqualTo("pressure");
        assertThat(unbalanced.at("/0/missing").asInt()).isEqualTo(1);
        JsonNode summary = summary();
        assertThat(summary.get("unbalanced").asInt()).isEqualTo(1);
        assertThat(summary.get("missing").asInt()).isEqualTo(1);
        assertThat(summary.at("/adapters/0/read").asInt()).isEqualTo(8);

        post(entry(8, "CLEAN", minute, "press-07", "pressure", 1));
        assertThat(unbalanced().size()).isZero();
    }

    @Test
    void pagesFiltersAndSumsUpByResolution() {
        for (int i = 0; i < 5; i++) {
            Instant at = minute.plus(i, ChronoUnit.MINUTES);
            post(
                    entry(2 * i, "READ", at, "press-07", "temperature", 1),
                    entry(2 * i + 1, "CLEAN", at, "press-07", "temperature", 1));
        }
        JsonNode first = admin.get(ours + "&limit=3").ok().body();
        assertThat(first.at("/items/0/at").asString())
                .isEqualTo(minute.plus(4, ChronoUnit.MINUTES).toString());
        JsonNode second = admin.get(
                        ours + "&limit=3&cursor=" + first.get("nextCursor").asString())
                .ok()
                .body();
        assertThat(second.get("items").size()).isEqualTo(2);
        assertThat(second.at("/items/1/at").asString()).isEqualTo(minute.toString());
        JsonNode hours = admin.get(ours + "&resolution=HOUR").ok().body().get("items");
        assertThat(hours.size()).isEqualTo(1);
        assertThat(hours.at("/0/read").asInt()).isEqualTo(5);
        assertThat(admin.get(ours + "&from=" + minute.plus(2, ChronoUnit.MINUTES) + "&to="
                                + minute.plus(4, ChronoUnit.MINUTES))
                        .ok()
                        .body()
                        .get("items")
                        .size())
                .isEqualTo(2);
        assertThat(admin.get(ours + "&adapter=other").ok().body().get("items").size())
                .isZero();
        assertThat(admin.get(ours + "&resolution=WEEK").status()).isEqualTo(400);
    }

    @Test
    void tellsGapsOfSequencesOnce() {
        String gap = """
                {"topic":"audit.ledger","partition":3,"offset":%d,"key":"press-07","value":{"kind":"SEQUENCE_GAP","stage":"ledger.gateway",
                 "asset_id":"press-07","parameter":"","minute":"%s","count":4,"first":7,"last":10,"topic":"","partition":-1,
                 "metadata":{"gateway_id":"gw","adapter_id":"press-07","adapter_version":"m@1","revision":1,"epoch":12}}}""";
        post(gap.formatted(0, minute));
        post(gap.formatted(0, minute), gap.formatted(1, minute));
        JsonNode summary = summary();
        assertThat(summary.get("gaps").asInt()).isEqualTo(1);
        JsonNode latest = summary.at("/latestGaps/0");
        assertThat(latest.get("adapterId").asString()).isEqualTo("press-07");
        assertThat(latest.get("epoch").asInt()).isEqualTo(12);
        assertThat(latest.get("first").asInt()).isEqualTo(7);
        assertThat(latest.get("last").asInt()).isEqualTo(10);
    }

    @Test
    void tellsWhatEachSinkDelivered() {
        String delivered = """
                {"topic":"audit.ledger","partition":2,"offset":%d,"key":"","value":{"kind":"DELIVERED","stage":"sink.plant","asset_id":"",
                 "parameter":"","minute":"%s","count":%d,"first":0,"last":99,"topic":"telemetry.clean","partition":%d,
                 "metadata":{"gateway_id":"gw","adapter_id":"","adapter_version":"","revision":0,"epoch":0}}}""";
        post(delivered.formatted(0, minute, 40, 0), delivered.formatted(1, minute, 2, 1));
        post(delivered.formatted(1, minute, 2, 1), delivered.formatted(2, minute.plusSeconds(60), 8, 0));
        JsonNode summary = summary();
        assertThat(summary.get("adapters").size()).isZero();
        assertThat(summary.get("sinks").size()).isEqualTo(1);
        assertThat(summary.at("/sinks/0/sink").asString()).isEqualTo("sink.plant");
        assertThat(summary.at("/sinks/0/topic").asString()).isEqualTo("telemetry.clean");
        assertThat(summary.at("/sinks/0/delivered").asInt()).isEqualTo(50);
    }

    @Test
    void tellsWhatSourcesLostAndWhyApartFromReadings() {
        Instant later = minute.plus(1, ChronoUnit.MINUTES);
        post(entry(0, "READ", 5), entry(1, "CLEAN", 5));
        post(
                loss(2, "LOST", "QOS0_STREAM_SLOW", minute, 10),
                loss(3, "LOST", "QOS0_STREAM_SLOW", later, 2),
                loss(4, "POLL_SKIPPED", "POLL_DEVICE_SLOW", minute, 3),
                loss(5, "UNMAPPED", "FIELD_UNMAPPED", minute, 7),
                loss(6, "TURNED_AWAY", "REQUEST_TURNED_AWAY", minute, 4),
                loss(7, "SOMETHING_NEW", "OF_TOMORROW", minute, 1));
        post(loss(3, "LOST", "QOS0_STREAM_SLOW", later, 2));

        JsonNode summary = summary();
        assertThat(summary.get("missing").asInt()).isZero();
        assertThat(summary.at("/adapters/0/lost").asInt()).isEqualTo(12);
        assertThat(summary.at("/adapters/0/skippedPolls").asInt()).isEqualTo(3);
        assertThat(summary.at("/adapters/0/unmapped").asInt()).isEqualTo(7);
        assertThat(summary.at("/adapters/0/turnedAway").asInt()).isEqualTo(4);
        assertThat(summary.get("losses").valueStream().map(each -> "%s %s %s %s"
                        .formatted(
                                each.get("adapterId").asString(),
                                each.get("reason").asString(),
                                each.get("count"),
                                each.get("latest").asString())))
                .containsExactly(
                        "press-07 FIELD_UNMAPPED 7 " + minute,
                        "press-07 OF_TOMORROW 1 " + minute,
                        "press-07 POLL_DEVICE_SLOW 3 " + minute,
                        "press-07 QOS0_STREAM_SLOW 12 " + later,
                        "press-07 REQUEST_TURNED_AWAY 4 " + minute);
        JsonNode minutes = admin.get(ours).ok().body().get("items");
        assertThat(minutes.at("/0/lost").asInt()).isEqualTo(2);
        assertThat(minutes.at("/1/lost").asInt()).isEqualTo(10);
        assertThat(minutes.at("/1/missing").asInt()).isZero();
    }

    private static String loss(long offset, String kind, String reason, Instant minute, long count) {
        return """
                {"topic":"audit.ledger","partition":0,"offset":%d,"key":"press-07","value":{"kind":"%s","stage":"ledger.gateway","asset_id":"",
                 "parameter":"","minute":"%s","count":%d,"first":1,"last":%d,"topic":"","partition":-1,"reason":"%s",
                 "metadata":{"gateway_id":"gw","adapter_id":"press-07","adapter_version":"","revision":0,"epoch":0}}}""".formatted(offset, kind, minute, count, count, reason);
    }

    @Test
    void whatCannotBeReadHasNeitherNamesNorTime() {
        post(
                "{\"partition\":0,\"offset\":0,\"value\":{\"kind\":\"READ\",\"stage\":\"ledger.gateway\",\"asset_id\":\"\",\"parameter\":\"\",\"minute\":\"1970-01-01T00:00:00Z\",\"count\":1,\"first\":0,\"last\":0,\"metadata\":{\"adapter_id\":\"\",\"epoch\":0}}}");
        JsonNode sums = admin.get(ours).ok().body().at("/items/0");
        assertThat(sums.get("at").isNull()).isTrue();
        assertThat(sums.get("adapterId").isNull()).isTrue();
        assertThat(sums.get("missing").asInt()).isEqualTo(1);
    }

    @Test
    void onlyTheGatewayItselfPostsAndAPersonReads() {
        assertThat(admin.post("/api/v1/gateways/" + gateway.name + "/uplink/ledger", "{\"records\":[]}")
                        .status())
                .isEqualTo(401);
        assertThat(admin.get("/api/v1/gateways/nobody/ledger").status()).isEqualTo(404);
        assertThat(Api.of(server).get(ours).status()).isEqualTo(401);
    }

    private JsonNode unbalanced() {
        return admin.get(ours + "&series=true&unbalanced=true").ok().body().get("items");
    }

    private JsonNode summary() {
        return admin.get("/api/v1/gateways/" + gateway.name + "/ledger").ok().body();
    }

    private void post(String... records) {
        Answer answer = gateway.post("uplink/ledger", "{\"records\":[" + String.join(",", records) + "]}");
        assertThat(answer.status()).isEqualTo(204);
    }

    private String entry(long offset, String kind, long count) {
        return entry(offset, kind, minute, "press-07", "temperature", count);
    }

    private static String entry(long offset, String kind, Instant minute, String asset, String parameter, long count) {
        return """
                {"topic":"audit.ledger","partition":0,"offset":%d,"key":"%s","value":{"kind":"%s","stage":"ledger.gateway","asset_id":"%s",
                 "parameter":"%s","minute":"%s","count":%d,"first":1,"last":9,"topic":"","partition":-1,
                 "metadata":{"gateway_id":"gw","adapter_id":"press-07","adapter_version":"m@1","revision":1,"epoch":3}}}""".formatted(offset, asset, kind, asset, parameter, minute, count);
    }
}
