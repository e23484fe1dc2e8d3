package io.streamforge.routes.uplink;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.routes.LogKeys;
import io.streamforge.routes.plan.DurableFile;
import io.streamforge.routes.runtime.Notices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that talks to the control plane: enrols, keeps the token fresh, sends heartbeats and pulls the plan. Whatever goes wrong here
 * leaves the routes alone.
 */
public final class Uplink implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Uplink.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final Duration PULL = Duration.ofSeconds(30);
    private static final Duration SLOWLY = Duration.ofSeconds(60);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);

    /** Who gets what the control plane wants to run. */
    public interface PlanTarget {

        /** A plan as it was received. */
        void offer(byte[] json);
    }

    private final ControlPlane controlPlane;
    private final GatewayKey key;
    private final DurableFile identityFile;
    private final String name;
    private final Optional<String> token;
    private final String version;
    private final PlanTarget target;
    private final Supplier<Heartbeat> heartbeats;
    private final Notices notices;
    private final Clock clock;
    private final Semaphore wake = new Semaphore(0);

    private volatile @Nullable Identity identity;
    private volatile boolean pullAsked;
    private @Nullable String etag;
    private Instant nextHeartbeat = Instant.MIN;
    private Instant nextPull = Instant.MIN;
    private int failures;

    Uplink(
            ControlPlane controlPlane,
            GatewayKey key,
            DurableFile identityFile,
            String name,
            Optional<String> token,
            String version,
            PlanTarget target,
            Supplier<Heartbeat> heartbeats,
            Notices notices,
            Clock clock)
            throws IOException {
        this.controlPlane = controlPlane;
        this.key = key;
        this.identityFile = identityFile;
        this.name = name;
        this.token = token;
        this.version = version;
        this.target = target;
        this.heartbeats = heartbeats;
        this.notices = notices;
        this.clock = clock;
        byte[] stored = identityFile.read().orElse(null);
        this.identity = stored == null ? null : ControlPlane.JSON.readValue(stored, Identity.class);
    }

    /** Who the gateway is, if it was approved. */
    Optional<Identity> approved() {
        Identity now = identity;
        return now == null || now.accessToken() == null ? Optional.empty() : Optional.of(now);
    }

    /** The plan may have changed: pull it now. */
    void pullNow() {
        pullAsked = true;
        wake.release();
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Duration pause = step();
                if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does what is due and says how long there is nothing to do. */
    Duration step() throws InterruptedException {
        try {
            Identity known = identity;
            Duration pause = known == null ? enrol() : known.accessToken() == null ? awaitApproval(known) : talk(known);
            failures = 0;
            notices.clear(Notices.Subject.CONTROL_PLANE);
            return pause;
        } catch (Problem.Unreachable e) {
            notices.raise(Notices.Subject.CONTROL_PLANE, e.getMessage() + " The gateway runs on without it.");
            return backOff();
        } catch (Problem.Refused e) {
            notices.raise(Notices.Subject.CONTROL_PLANE, String.valueOf(e.getMessage()));
            return e.status() >= 500 || e.status() == 429 ? backOff() : SLOWLY;
        } catch (Problem e) {
            throw new IllegalStateException(e);
        }
    }

    private Duration enrol() throws Problem, InterruptedException {
        if (token.isEmpty()) {
            notices.raise(
                    Notices.Subject.ENROLMENT,
                    "The gateway is not enrolled and has no enrolment token. Make one in the console and start the gateway with STREAMFORGE_TOKEN or --token.");
            return SLOWLY;
        }
        JsonNode answer;
        try {
            answer = controlPlane.enrol(Map.of(
                    "token", token.get(),
                    "name", name,
                    "publicKey", key.publicJwk(),
                    "host", host(),
                    "hardware", hardware(),
                    "version", version));
        } catch (Problem.Refused e) {
            if (e.status() / 100 != 4 || e.status() == 429) {
                throw e;
            }
            String next = e.status() == 401
                    ? "The enrolment token is wrong, expired or used up. Make a new one in the console and start the gateway with it."
                    : "Correct what it names and start the gateway again.";
            notices.raise(Notices.Subject.ENROLMENT, "The gateway cannot enrol. %s %s".formatted(e.getMessage(), next));
            return SLOWLY;
        }
        Identity pending = new Identity(answer.path("gatewayId").asText(name), null, null);
        save(pending);
        LOG.atInfo()
                .addKeyValue(LogKeys.GATEWAY, pending.gatewayId())
                .addKeyValue(LogKeys.FINGERPRINT, key.fingerprint())
                .log("Asked for enrolment; compare the fingerprint in the console and approve");
        return Duration.ofMillis(answer.path("pollAfterMs").asLong(5000));
    }

    private Duration awaitApproval(Identity pending) throws Problem, InterruptedException {
        JsonNode answer;
        try {
            answer = controlPlane.enrolment(pending.gatewayId());
        } catch (Problem.Refused e) {
            if (e.status() != 404 && e.status() != 401) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue(LogKeys.GATEWAY, pending.gatewayId())
                    .log("The control plane does not know this gateway any more; it enrols again");
            identity = null;
            forgetIdentityFile();
            return Duration.ofSeconds(1);
        }
        switch (answer.path("status").asText()) {
            case "APPROVED" -> {
                approve(pending, answer);
                return Duration.ZERO;
            }
            case "REVOKED" -> {
                notices.raise(
                        Notices.Subject.ENROLMENT,
                        "The gateway was revoked. It runs on with its last plan; to bring it back delete it in the console and enrol it again.");
                return SLOWLY;
            }
            default -> {
                notices.raise(
                        Notices.Subject.ENROLMENT,
                        "The gateway waits for an administrator's approval. Its fingerprint is %s."
                                .formatted(key.fingerprint()));
                return Duration.ofMillis(answer.path("pollAfterMs").asLong(5000));
            }
        }
    }

    private void approve(Identity pending, JsonNode answer) {
        String accessToken = answer.path("accessToken").asText("");
        if (accessToken.isEmpty()) {
            throw new IllegalStateException("The control plane approved the gateway without a token.");
        }
        String expiresAt = answer.path("expiresAt").asText("");
        save(new Identity(pending.gatewayId(), accessToken, expiresAt.isEmpty() ? null : Instant.parse(expiresAt)));
        notices.clear(Notices.Subject.ENROLMENT);
        LOG.atInfo().addKeyValue(LogKeys.GATEWAY, pending.gatewayId()).log("The gateway is approved");
    }

    private Duration talk(Identity known) throws Problem, InterruptedException {
        Instant now = clock.instant();
        try {
            if (known.expiresAt() != null
                    && known.expiresAt().isBefore(now.plus(RENEW_BEFORE))
                    && !nextPull.isAfter(now)) {
                approve(known, controlPlane.renew(known));
                known = approved().orElse(known);
            }
            // What is due stays due until it has succeeded: only an answer tells that the control plane is there.
            if (!nextHeartbeat.isAfter(now)) {
                JsonNode answer = controlPlane.heartbeat(known, heartbeats.get());
                nextHeartbeat = now.plus(HEARTBEAT);
                pullAsked |= answer.path("planChanged").asBoolean(false);
            }
            if (pullAsked || !nextPull.isAfter(now)) {
                Optional<ControlPlane.TaggedPlan> plan = controlPlane.plan(known, etag);
                pullAsked = false;
                nextPull = now.plus(jittered(PULL));
                if (plan.isPresent()) {
                    target.offer(plan.get().json());
                    etag = plan.get().etag();
                }
            }
        } catch (Problem.Refused e) {
            if (e.status() != 401 && e.status() != 403) {
                throw e;
            }
            // The token ended, or the gateway was revoked or deleted: the enrolment says which.
            return awaitApprovalAgain(known, e);
        }
        Instant next = nextHeartbeat.isBefore(nextPull) ? nextHeartbeat : nextPull;
        return Duration.between(clock.instant(), next).isNegative()
                ? Duration.ZERO
                : Duration.between(clock.instant(), next);
    }

    private Duration awaitApprovalAgain(Identity known, Problem.Refused refused) throws Problem, InterruptedException {
        LOG.atWarn()
                .addKeyValue(LogKeys.REASON, String.valueOf(refused.getMessage()))
                .log("The gateway's token was refused; it asks how it stands");
        Identity pending = new Identity(known.gatewayId(), null, null);
        Duration pause = awaitApproval(pending);
        if (identity == known) {
            identity = pending;
        }
        return pause.isZero() ? Duration.ofSeconds(5) : pause;
    }

    private Duration backOff() {
        failures = Math.min(failures + 1, 10);
        Duration delay = Duration.ofSeconds(1L << (failures - 1));
        return jittered(delay.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : delay);
    }

    /** Between 80 % and 120 %, so that a fleet does not come back in one moment. */
    private static Duration jittered(Duration duration) {
        return Duration.ofMillis(
                (long) (duration.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }

    private void save(Identity fresh) {
        identity = fresh;
        try {
            identityFile.write(ControlPlane.JSON.writeValueAsBytes(fresh));
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.FILE, identityFile)
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("The gateway's identity cannot be written; after a restart it asks again");
        }
    }

    private void forgetIdentityFile() {
        try {
            identityFile.delete();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.FILE, identityFile)
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("The gateway's old identity cannot be removed");
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static String hardware() {
        return "%s %s, %d processors, %d MiB"
                .formatted(
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors(),
                        memoryMiB());
    }

    private static long memoryMiB() {
        return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() >> 20
                : 0;
    }
}
