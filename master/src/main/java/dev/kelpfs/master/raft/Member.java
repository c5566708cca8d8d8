package dev.kelpfs.master.raft;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.kelp.RaftMember;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * A master as the consensus knows it. A directory that was lost and made anew has another incarnation, so that what the
 * old one promised is never taken for a promise of the new one.
 *
 * @param incarnation random text without a slash, kept in the state directory
 */
public record Member(ServerAddress address, String incarnation) {
    private static final char SEPARATOR = '/';
    /** In ids, because the library registers beans under them, whose names have no colons. */
    private static final char FOR_COLON = '!';

    public Member {
        if (incarnation.isEmpty() || incarnation.indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException("an incarnation is a text without slash, got \"" + incarnation + "\"");
        }
    }

    public static Member of(RaftMember message) {
        return new Member(ServerAddress.parse(message.getAddress()), message.getIncarnation());
    }

    /** The member behind an id that {@link #id} made. */
    static Member of(RaftPeerId id) {
        String text = id.toString();
        int separator = text.lastIndexOf(SEPARATOR);
        if (separator < 0) throw new IllegalArgumentException("no id of a master: " + text);
        return new Member(ServerAddress.parse(text.substring(0, separator).replace(FOR_COLON, ':')), text.substring(separator + 1));
    }

    public RaftMember message() {
        return RaftMember.newBuilder().setAddress(address.withBothPorts()).setIncarnation(incarnation).build();
    }

    RaftPeerId id() {
        return RaftPeerId.valueOf(address.withBothPorts().replace(':', FOR_COLON) + SEPARATOR + incarnation);
    }

    RaftPeer peer() {
        return RaftPeer.newBuilder().setId(id()).setAddress(address.grpc()).build();
    }

    @Override
    public String toString() {
        return address + "/" + incarnation;
    }
}
