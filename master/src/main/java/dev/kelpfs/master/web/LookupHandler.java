package dev.kelpfs.master.web;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.master.topology.VolumePlaces;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/** {@code /dir/lookup} and the redirect of {@code /{fileId}}. Never waits. Source: master, sections 3.4 and 3.6. */
final class LookupHandler {
    private final Function<VolumeId, Optional<VolumePlaces>> locate;
    private final Function<VolumeId, List<String>> registered;
    private final TokenSigner writeTokens;
    private final TokenSigner readTokens;
    private final IntUnaryOperator random;

    /**
     * @param locate where volumes are that can be read now; must not wait
     * @param registered the names of all servers that have a volume, also of those that are down; must not wait
     * @param random gives a number of 0 (inclusive) to its argument (exclusive); safe for all threads
     */
    LookupHandler(
            Function<VolumeId, Optional<VolumePlaces>> locate, Function<VolumeId, List<String>> registered,
            TokenSigner writeTokens, TokenSigner readTokens, IntUnaryOperator random) {
        this.locate = locate;
        this.registered = registered;
        this.writeTokens = writeTokens;
        this.readTokens = readTokens;
        this.random = random;
    }

    /** True if no volume is asked for that could be known elsewhere and is not known here. */
    boolean canAnswer(Parameters parameters) {
        Optional<VolumeId> id = volumeId(asked(parameters));
        return id.isEmpty() || find(id.get(), parameters.text("collection")).isPresent();
    }

    /** The same for {@link #redirect}. */
    boolean canRedirect(Request request, Parameters parameters) {
        String segment = request.path().substring(1);
        int comma = segment.indexOf(',');
        Optional<VolumeId> id = segment.indexOf('/') >= 0 ? Optional.empty() : volumeId(comma > 0 ? segment.substring(0, comma) : segment);
        return id.isEmpty() || find(id.get(), parameters.text("collection")).isPresent();
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
        if (id.isEmpty()) return notFound(asked, "Unknown volume id " + asked, parameters);
        Optional<VolumePlaces> found = find(id.get(), parameters.text("collection"));
        if (found.isEmpty()) {
            List<String> servers = away(id.get());
            if (servers.isEmpty()) return notFound(asked, "volume id " + asked + " not found", parameters);
            return Replies.json(503, Json.object(json ->
                    json.put("volumeOrFileId", asked).put("error", down(asked, servers))), parameters).header("Retry-After", "1");
        }
        List<String> locations = found.get().places().stream().map(LookupHandler::location).toList();
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
        Optional<VolumePlaces> found = find(id.get(), parameters.text("collection"));
        if (found.isEmpty()) {
            List<String> servers = away(id.get());
            if (servers.isEmpty()) return missing(volume, "volume id " + volume + " not found", parameters);
            return Replies.error(503, down(volume, servers), parameters).header("Retry-After", "1");
        }
        List<Place> places = found.get().places();
        Place place = places.get(random.applyAsInt(places.size()));
        return Reply.of(308).header("Location", "http://" + place.publicUrl() + request.rawTarget());
    }

    private Optional<VolumePlaces> find(VolumeId id, String collection) {
        return locate.apply(id).filter(places -> collection.isEmpty() || places.collection().text().equals(collection));
    }

    /** The servers that have a volume of which no copy can be read now; empty if there is no such volume. */
    private List<String> away(VolumeId id) {
        return locate.apply(id).isPresent() ? List.of() : registered.apply(id);
    }

    private static String down(String volume, List<String> servers) {
        return "volume id " + volume + " is on " + String.join(", ", servers) + ", and none of these is connected; start one";
    }

    private String token(String fileId, Parameters parameters) {
        int underscore = fileId.lastIndexOf('_');
        String signed = underscore > 0 ? fileId.substring(0, underscore) : fileId;
        // Only a file id is signed: nothing that could break out of the token's claims.
        if (!signed.chars().allMatch(c -> c == ',' || Character.digit(c, 16) >= 0)) return "";
        return (parameters.text("read").equals("yes") ? readTokens : writeTokens).sign(signed);
    }

    private static Reply notFound(String asked, String reason, Parameters parameters) {
        return Replies.json(404, Json.object(json -> json.put("volumeOrFileId", asked).put("error", reason)), parameters);
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
            return Optional.of(VolumeId.parse(text));
        } catch (IllegalArgumentException notANumber) {
            return Optional.empty();
        }
    }
}
