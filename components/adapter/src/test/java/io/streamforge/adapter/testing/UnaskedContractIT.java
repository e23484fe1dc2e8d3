package io.streamforge.adapter.testing;

/**
 * What holds of a source that asks no device: somebody hands over both points together, when he likes. There is no answer that a network could spoil, and no
 * point that could fail alone.
 */
public abstract class UnaskedContractIT extends AdapterContractIT {

    @Override
    protected final boolean hasPoints() {
        return false;
    }

    @Override
    protected final boolean overTcp() {
        return false;
    }

    /** Somebody hands over more, and waits. */
    @Override
    protected abstract void overload() throws Exception;

    @Override
    protected final void breakFragile() {
        throw new UnsupportedOperationException("Both points come together or not at all.");
    }

    @Override
    protected final void mendFragile() {
        throw new UnsupportedOperationException("Both points come together or not at all.");
    }

    @Override
    protected final void converse(int port) {
        throw new UnsupportedOperationException("It does not ask its device.");
    }
}
