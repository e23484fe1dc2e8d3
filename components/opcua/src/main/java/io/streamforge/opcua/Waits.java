package io.streamforge.opcua;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How a client's worker waits: another takes its place meanwhile, because what it waits for may need one, an answer of the server above all. On any
 * other thread these simply wait.
 */
final class Waits {

    private Waits() {}

    /** Waits until the lock is this thread's. */
    static void lock(ReentrantLock lock) {
        if (lock.tryLock()) {
            return;
        }
        try {
            ForkJoinPool.managedBlock(new Waiting() {
                @Override
                boolean tryWithout() {
                    return lock.tryLock();
                }

                @Override
                void await() {
                    lock.lock();
                }
            });
        } catch (InterruptedException e) {
            throw new IllegalStateException("The wait for a lock is not interruptible.", e);
        }
    }

    /** Waits until so many permits are there, and takes them. */
    static void acquire(Semaphore permits, int many) throws InterruptedException {
        if (permits.tryAcquire(many)) {
            return;
        }
        ForkJoinPool.managedBlock(new Waiting() {
            @Override
            boolean tryWithout() {
                return permits.tryAcquire(many);
            }

            @Override
            void await() throws InterruptedException {
                permits.acquire(many);
            }
        });
    }

    private abstract static class Waiting implements ForkJoinPool.ManagedBlocker {
        private boolean done;

        abstract boolean tryWithout();

        abstract void await() throws InterruptedException;

        @Override
        public boolean isReleasable() {
            done = done || tryWithout();
            return done;
        }

        @Override
        public boolean block() throws InterruptedException {
            await();
            done = true;
            return true;
        }
    }
}
