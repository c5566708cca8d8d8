package dev.kelpfs.master.web;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.master.follow.HttpForward;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.master.topology.VolumePlaces;
import dev.kelpfs.master.topology.Whereabouts.Found;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;

/** {@code /dir/lookup} and the redirect of {@code /{fileId}}. Never waits. Source: master, sections 3.4 and 3.6. */
final class LookupHandler {
    private final BiFunction<VolumeId, String, Found> whereabouts;
    private final TokenSigner writeTokens;
    private final TokenSigner readTokens;
    private final IntUnaryOperator random;

    /**
     * @param whereabouts what is known of a volume of that collection; must not wait
     * @param random gives a number of 0 (inclusive) to its argument (exclusive); safe for all threads
     */
    LookupHandler(
            BiFunction<VolumeId, String, Found> whereabouts, TokenSigner writeTokens, TokenSigner readTokens, IntUnaryOperator random) {
        this.whereabouts = whereabouts;
        this.writeTokens = writeTokens;
        this.readTokens = readTokens;
        this.random = random;
    }

    /** True if no volume is asked for that could be known elsewhere and is not known here. */
    boolean canAnswer(Parameters parameters) {
        Optional<VolumeId> id = wanted(parameters);
        return id.isEmpty() || isHere(id.get(), parameters);
    }

    /** The volume that is asked for; nothing if what is asked for is none. */
    static Optional<VolumeId> wanted(Parameters parameters) {
        return volumeId(asked(parameters));
    }

    /** The same for {@link #redirect}. */
    boolean canRedirect(Request request, Parameters parameters) {
        Optional<VolumeId> id = wanted(request);
        return id.isEmpty() || isHere(id.get(), parameters);
    }

    /** The volume of the file that the path names; nothing if it names none. */
    static Optional<VolumeId> wanted(Request request) {
        String segment = request.path().substring(1);
        int comma = segment.indexOf(',');
        return segment.indexOf('/') >= 0 ? Optional.empty() : volumeId(comma > 0 ? segment.substring(0, comma) : segment);
    }

    private boolean isHere(VolumeId id, Parameters parameters) {
        return whereabouts.apply(id, parameters.text("collection")) instanceof Found.Here;
    }

    private static String asked(Parameters parameters) {
        String fileId = parameters.text("fileId");
        String volume = fileId.isEmpty() ? parameters.text("volumeId") : fileId;
        int comma = volume.indexOf(',');
        if (comma > 0) return volume.substring(0, comma);
        // Of a file id only the form with a comma counts here.
        return fileId.isEmpty() ? volume : "";
    }

    Reply lookup(Parameters parameters) {
        String fileId = parameters.text("fileId");
        String asked = asked(parameters);
        Optional<VolumeId> id = volumeId(asked);
        if (id.isEmpty()) return notFound(asked, "Unknown volume id " + asked + whatToGive(asked), parameters);
        return switch (whereabouts.apply(id.get(), parameters.text("collection"))) {
            case Found.Here(var where) -> found(fileId, asked, where, parameters);
            case Found.Away away -> unavailable(asked, away.reason(), parameters);
            case Found.Nowhere() -> notFound(asked, "volume id " + asked + " not found", parameters);
            case Found.Unsure(var reason) -> unavailable(asked, reason, parameters).header(HttpForward.NOT_LEADER, "1");
        };
    }

    private Reply found(String fileId, String asked, VolumePlaces where, Parameters parameters) {
        List<String> locations = where.places().stream().map(LookupHandler::location).toList();
        Reply reply = Replies.json(200, Json.object(json ->
                json.put("volumeOrFileId", asked).raw("locations", Json.array(locations))), parameters);
        String token = fileId.isEmpty() ? "" : token(fileId, parameters);
        return token.isEmpty() ? reply : reply.header("Authorization", "Bearer " + token);
    }

    /** 308 to a server that has the volume, with path and query as they came; the file itself is the server's business. */
    Reply redirect(Request request, Parameters parameters) {
        String segment = request.path().substring(1);
        if (segment.indexOf('/') >= 0) return Reply.error(404, "404 page not found");
        int comma = segment.indexOf(',');
        String volume = comma > 0 ? segment.substring(0, comma) : segment;
        Optional<VolumeId> id = volumeId(volume);
        if (id.isEmpty()) return missing(volume, "Unknown volume id " + volume, parameters);
        return switch (whereabouts.apply(id.get(), parameters.text("collection"))) {
            case Found.Here(var where) -> redirect(where.places(), request);
            case Found.Away away -> Replies.error(503, away.reason(), parameters).header("Retry-After", "1");
            case Found.Nowhere() -> missing(volume, "volume id " + volume + " not found", parameters);
            case Found.Unsure(var reason) -> Replies.error(503, reason, parameters)
                    .header("Retry-After", "1").header(HttpForward.NOT_LEADER, "1");
        };
    }

    private Reply redirect(List<Place> places, Request request) {
        Place place = places.get(random.applyAsInt(places.size()));
        return Reply.of(308).header("Location", "http://" + place.publicUrl() + request.rawTarget());
    }

    private static Reply unavailable(String asked, String reason, Parameters parameters) {
        return Replies.json(503, Json.object(json -> json.put("volumeOrFileId", asked).put("error", reason)), parameters)
                .header("Retry-After", "1");
    }

    /** For the file itself: what volume servers compare has neither the extension nor the {@code _N} of the path. */
    private String token(String fileId, Parameters parameters) {
        int dot = fileId.indexOf('.');
        String bare = dot > 0 ? fileId.substring(0, dot) : fileId;
        int underscore = bare.lastIndexOf('_');
        String signed = underscore > 0 ? bare.substring(0, underscore) : bare;
        // Only a file id is signed: nothing that could break out of the token's claims.
        if (!signed.chars().allMatch(c -> c == ',' || Character.digit(c, 16) >= 0)) return "";
        return (parameters.text("read").equals("yes") ? readTokens : writeTokens).sign(signed);
    }

    /** Nothing that clients of the reference look for comes behind it. */
    private static String whatToGive(String asked) {
        return asked.isEmpty() ? "; give volumeId=3 or fileId=3,01637037d6, with the comma" : "";
    }

    private static Reply notFound(String asked, String reason, Parameters parameters) {
        return Replies.json(404, Json.object(json -> json.putIfAny("volumeOrFileId", asked).put("error", reason)), parameters);
    }

    private static Reply missing(String volume, String reason, Parameters parameters) {
        return Replies.error(404, "volume id " + volume + " not found: " + reason, parameters);
    }

    private static String location(Place place) {
        return Json.object(json -> json
                .putIfAny("url", place.url())
                .putIfAny("publicUrl", place.publicUrl())
                .putIfAny("dataCenter", place.dataCenter())
                .putIfAny("grpcPort", place.grpcPort()));
    }

    private static Optional<VolumeId> volumeId(String text) {
        try {
            VolumeId id = VolumeId.parse(text);
            // Cut to 32 bits it would be the place of another volume.
            return Long.parseUnsignedLong(text) == id.value() ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException notANumber) {
            return Optional.empty();
        }
    }
}
