package io.streamforge.opcua;

/** How many observations of a device wait for the stream. Some more may wait than should: what is under way when the room is full still comes. */
final class Room {

    private final int most;
    private int waiting;
    private boolean open;

    /** @param most should wait */
    Room(int most) {
        this.most = most;
    }

    synchronized boolean isThere() {
        return open || waiting < most;
    }

    synchronized void enter(int many) {
        waiting += many;
    }

    /** True if there is room now, and was none before. */
    synchronized boolean leave(int many) {
        boolean before = isThere();
        waiting -= many;
        boolean now = isThere();
        if (now && !before) {
            notifyAll();
        }
        return now && !before;
    }

    /** Waits until there is room. */
    synchronized void await() throws InterruptedException {
        while (!isThere()) {
            wait();
        }
    }

    /** Nobody waits any more. */
    synchronized void open() {
        open = true;
        notifyAll();
    }
}
