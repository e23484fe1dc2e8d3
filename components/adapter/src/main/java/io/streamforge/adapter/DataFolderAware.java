package io.streamforge.adapter;

import java.nio.file.Path;

/** Implemented by a {@link ConnectionTester} or {@link Browser} that needs what its running routes keep between starts, such as certificates. */
public interface DataFolderAware {

    /** Called once before anything else; the gateway's folder of everything that outlives the process. */
    void setDataFolder(Path folder);
}
