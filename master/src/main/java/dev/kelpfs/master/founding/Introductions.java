package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.founding.FoundingRule.Known;
import dev.kelpfs.master.founding.FoundingRule.Standing;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.wire.kelp.Introduction;
import java.util.Optional;
import java.util.UUID;

/** Standings as messages. */
final class Introductions {
    private Introductions() {}

    static Introduction message(Standing standing) {
        Introduction.Builder message = Introduction.newBuilder()
                .setSelf(standing.self().message())
                .setReferenceClusterId(standing.referenceClusterId())
                .setReferenceVolumeId((int) standing.referenceVolumeId())
                .setBootstrap(standing.bootstrap());
        standing.peers().forEach(peer -> message.addPeers(peer.withBothPorts()));
        standing.endorsement().ifPresent(endorsement -> message.setEndorsement(endorsement.message()));
        standing.cluster().ifPresent(known -> {
            message.setHasState(true)
                    .setGroupId(known.group().toString())
                    .setClusterId(known.clusterId())
                    .setLeader(known.leader().map(ServerAddress::withBothPorts).orElse(""))
                    .setTerm(known.term());
            known.members().forEach(member -> message.addMembers(member.message()));
        });
        return message.build();
    }

    /** @throws IllegalArgumentException if an address or id cannot be read */
    static Standing standing(Introduction message) {
        Optional<Known> cluster = !message.getHasState() ? Optional.empty() : Optional.of(new Known(
                UUID.fromString(message.getGroupId()),
                message.getClusterId(),
                message.getMembersList().stream().map(Member::of).toList(),
                message.getLeader().isEmpty() ? Optional.empty() : Optional.of(ServerAddress.parse(message.getLeader())),
                message.getTerm()));
        return new Standing(
                Member.of(message.getSelf()),
                message.getPeersList().stream().map(ServerAddress::parse).toList(),
                cluster,
                message.getReferenceClusterId(),
                Integer.toUnsignedLong(message.getReferenceVolumeId()),
                message.getBootstrap(),
                message.hasEndorsement() ? Optional.of(Endorsement.of(message.getEndorsement())) : Optional.empty());
    }
}
