package io.streamforge.opcua;

import io.netty.channel.EventLoop;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Milo wants Netty's wheel, whose thread turns it ten times a second for time-outs of seconds, of which nearly none expires. This one's time-outs are those
 * of the network's thread, which sleeps until the first of them, and what is done then is for workers.
 */
final class Timeouts extends HashedWheelTimer {

    private static final Logger LOG = LoggerFactory.getLogger(Timeouts.class);

    /** The wheel is there, of one spoke, and never turns. */
    private static final int NO_WHEEL = 1;

    private final EventLoop network;
    private final Executor workers;

    Timeouts(EventLoop network, Executor workers) {
        super(Thread::new, 1, TimeUnit.HOURS, NO_WHEEL, false);
        this.network = network;
        this.workers = workers;
    }

    /** After the end nothing expires. */
    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
        Scheduled timeout = new Scheduled(task);
        try {
            timeout.future = network.schedule(timeout, delay, unit);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().setCause(e).log("OPC UA threads have ended");
        }
        return timeout;
    }

    private final class Scheduled implements Timeout, Runnable {
        private final TimerTask task;
        private volatile @Nullable Future<?> future;
        private volatile boolean expired;

        Scheduled(TimerTask task) {
            this.task = task;
        }

        @Override
        public void run() {
            expired = true;
            workers.execute(() -> {
                try {
                    task.run(this);
                } catch (Exception e) {
                    LOG.atWarn().setCause(e).log("OPC UA time-out failed");
                }
            });
        }

        @Override
        public Timer timer() {
            return Timeouts.this;
        }

        @Override
        public TimerTask task() {
            return task;
        }

        @Override
        public boolean isExpired() {
            return expired;
        }

        @Override
        public boolean isCancelled() {
            Future<?> scheduled = future;
            return scheduled != null && scheduled.isCancelled();
        }

        @Override
        public boolean cancel() {
            Future<?> scheduled = future;
            return scheduled != null && scheduled.cancel(false);
        }
    }
}
