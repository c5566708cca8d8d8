package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.master.founding.FoundingRule.Standing;
import dev.kelpfs.master.founding.FoundingRule.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a master without a cluster has promised, kept in its state directory: nothing is said before it is durable, and
 * nothing is taken back before that is. One thread asks the others and {@linkplain #decide decides}; meanwhile others ask
 * this one, on any thread.
 */
final class Candidacy {
    private static final Logger LOG = LoggerFactory.getLogger(Candidacy.class);

    private final Disk disk;
    private final Path directory;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    /** All written under the lock, after the file. */
    private volatile Identity identity;
    private volatile Standing standing;
    /** Guarded by the lock: what the others said when they were asked last. */
    private Collection<Standing> known = List.of();
    /** Guarded by the lock: it belongs to a cluster, or is about to, and promises nothing more. */
    private boolean settled;

    /** @param standing what the master says of itself, but for an endorsement that its directory may hold */
    Candidacy(Disk disk, Path directory, Identity identity, Standing standing, RandomGenerator random) throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.random = random;
        this.identity = identity;
        this.settled = identity.cluster().isPresent();
        // A crash may have left one of before.
        if (settled) Endorsement.remove(disk, directory);
        this.standing = standing.with(Endorsement.read(disk, directory));
    }

    /** What this master says of itself. */
    Standing standing() {
        return standing;
    }

    /** Who it is; with a cluster as soon as that is durable. */
    Identity identity() {
        return identity;
    }

    /** Another one says who it is, and perhaps asks for an endorsement; it has it if the answer says so. */
    Standing meet(Standing other) throws IOException {
        lock.lock();
        try {
            if (!settled && FoundingRule.endorses(standing, known, other)) {
                endorse(other.endorsement().orElseThrow());
                LOG.info("This master endorses {} as the founder of a cluster, and no other", other.self());
            }
            return standing;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does what the others' answers call for, unless this master has given its word since it asked them.
     *
     * @param asked what this master was when it began to ask
     * @return what was done
     */
    Step decide(Standing asked, Map<ServerAddress, Standing> answers) throws IOException {
        lock.lock();
        try {
            known = List.copyOf(answers.values());
            if (!standing.equals(asked)) return new Step.Wait("the founder that it endorsed meanwhile");
            Step step = FoundingRule.next(asked, answers);
            take(step);
            return step;
        } finally {
            lock.unlock();
        }
    }

    private void take(Step step) throws IOException {
        if (settled) return;
        switch (step) {
            case Step.Wait _ -> {}
            case Step.Propose _ -> endorse(new Endorsement(standing.self(), randomId()));
            case Step.Drop(var reason) -> {
                LOG.info("An endorsement ends: {}", reason);
                Endorsement.remove(disk, directory);
                standing = standing.with(Optional.empty());
            }
            case Step.Found(var group, var members, var clusterId, var referenceVolumeId) -> {
                String id = clusterId.isEmpty() ? randomId().toString() : clusterId;
                LOG.info("Founding cluster {} of {}", id, members);
                belong(new Identity.Cluster(group, members, id, referenceVolumeId));
            }
            case Step.Belong(var group, var members, var clusterId, var referenceVolumeId) ->
                    belong(new Identity.Cluster(group, members, clusterId, referenceVolumeId));
            // Before the leader takes it in, this master must be able to take what the leader sends.
            case Step.AskLeader(var group, _) -> belong(new Identity.Cluster(group, List.of(), "", 0));
        }
    }

    private void endorse(Endorsement given) throws IOException {
        given.write(disk, directory);
        standing = standing.with(Optional.of(given));
    }

    private void belong(Identity.Cluster cluster) throws IOException {
        settled = true;
        Identity member = new Identity(identity.incarnation(), Optional.of(cluster));
        member.write(disk, directory);
        identity = member;
        // What it says of itself keeps the endorsement until its cluster takes that place: others must not see it given up.
        Endorsement.remove(disk, directory);
    }

    /** A random UUID, version 4. */
    UUID randomId() {
        long high = random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L;
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
