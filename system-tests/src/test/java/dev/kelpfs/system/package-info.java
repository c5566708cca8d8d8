/**
 * Real processes, real faults: each test starts servers through the launcher {@code ./weed} and speaks to them over
 * HTTP as any program would; nothing here uses a class of the servers.
 *
 * <p>{@link dev.kelpfs.system.WeedServer} is a server under test, {@link dev.kelpfs.system.HttpFiles} what a client can
 * ask of it, {@link dev.kelpfs.system.WriteLoad} many clients at once and {@link dev.kelpfs.system.Ledger} what they may
 * rely on. {@link dev.kelpfs.system.ClusterUnderLoad} is a cluster of several masters on machines of names, with everything that
 * can happen to it, and {@link dev.kelpfs.system.ClientHistory} what its clients saw.
 *
 * <p>Directories of a failed test are kept, with the logs of its servers.
 */
@NullMarked
package dev.kelpfs.system;

import org.jspecify.annotations.NullMarked;
