package io.streamforge.opcua;

import io.streamforge.adapter.CertificateKeeper;
import io.streamforge.adapter.DataFolderAware;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The servers' certificates, as they lie in the gateway's folders. */
public final class OpcUaCertificates implements CertificateKeeper, DataFolderAware {

    private TrustList list = new TrustList(Path.of("opcua"));

    @Override
    public void setDataFolder(Path folder) {
        list = new TrustList(OpcUaComponent.pki(folder));
    }

    @Override
    public List<PeerCertificate> certificates() throws IOException {
        return list.certificates();
    }

    @Override
    public boolean trust(String fingerprint) throws IOException {
        return list.trust(fingerprint);
    }

    @Override
    public boolean remove(String fingerprint) throws IOException {
        return list.remove(fingerprint);
    }
}
