package dev.kelpfs.master.web;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.RequestBodyException;
import dev.kelpfs.master.assign.AssignForm;
import dev.kelpfs.master.assign.AssignOutcome;
import dev.kelpfs.master.assign.AssignWish;
import dev.kelpfs.master.assign.Assigner;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.topology.Place;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code /submit}: an upload through the master, for those who have one address and one request. Source: master, section 3.6. */
final class SubmitHandler {
    private static final long MAX_BYTES = 256L << 20;
    /** What a form adds to the file in it. */
    private static final long FORM_BYTES = 1 << 20;
    private static final Duration ASSIGN_BUDGET = Duration.ofSeconds(30);
    private static final String PAIR_PREFIX = "seaweed-";

    private final Assigner assigner;
    private final AssignForm.Defaults defaults;
    private final TokenSigner tokens;
    private final FileRelay relay;
    private final Ticker ticker;

    SubmitHandler(Assigner assigner, AssignForm.Defaults defaults, TokenSigner tokens, FileRelay relay, Ticker ticker) {
        this.assigner = assigner;
        this.defaults = defaults;
        this.tokens = tokens;
        this.relay = relay;
        this.ticker = ticker;
    }

    /** Parameters come from the query alone: the body is the file. */
    void handle(Exchange exchange) {
        Parameters parameters = Parameters.of(exchange.request());
        if (HttpMethod.POST.equals(exchange.request().method())) exchange.offload(request -> submit(request, parameters));
        else exchange.reply(Replies.error(405, "Only submit via POST!", parameters).header(HttpHeaderNames.ALLOW, "POST"));
    }

    private Reply submit(Request request, Parameters parameters) throws IOException, InterruptedException {
        if (request.contentLength() > MAX_BYTES + FORM_BYTES) return Replies.error(400, FileRelay.tooLarge(MAX_BYTES), parameters);
        SubmittedFile file = SubmittedFile.of(request);
        AssignWish wish;
        try {
            wish = AssignHandler.form(parameters).read(defaults);
        } catch (IllegalArgumentException unreadable) {
            return Replies.error(500, "rpc error: code = Unknown desc = " + unreadable.getMessage(), parameters);
        }
        return switch (assign(request, wish)) {
            case AssignOutcome.Assigned assigned -> store(request, file, assigned, parameters);
            case AssignOutcome.Later(var reason, int seconds) ->
                Replies.error(503, reason, parameters).header("Retry-After", Integer.toString(seconds));
            case AssignOutcome.NotLeading() -> AssignHandler.notLeading(parameters);
            case AssignOutcome.Refused(var reason) -> Replies.error(500, reason, parameters);
            case AssignOutcome.UnknownDataCenter(var reason) -> Replies.error(500, reason, parameters);
        };
    }

    private AssignOutcome assign(Request request, AssignWish wish) throws InterruptedException {
        long begun = ticker.nanos();
        while (true) {
            AssignOutcome outcome = assigner.assign(wish, request::isAbandoned);
            boolean again = outcome instanceof AssignOutcome.Later && ticker.since(begun).compareTo(ASSIGN_BUDGET) < 0
                    && !request.isAbandoned();
            if (!again) return outcome;
            TimeUnit.SECONDS.sleep(((AssignOutcome.Later) outcome).afterSeconds());
        }
    }

    private Reply store(Request request, SubmittedFile file, AssignOutcome.Assigned assigned, Parameters parameters)
            throws IOException, InterruptedException {
        Place place = assigned.places().getFirst();
        String fid = assigned.first().toString();
        String target = place.url() + "/" + fid + time(parameters);
        FileRelay.Stored stored;
        try {
            stored = relay.send(file, target, tokens.sign(fid), pairs(request), MAX_BYTES);
        } catch (RequestBodyException fromClient) {
            throw fromClient;
        } catch (IOException failed) {
            return Replies.error(500, String.valueOf(failed.getMessage()), parameters);
        }
        return Replies.json(201, Json.object(json -> json
                .put("fileName", file.name())
                .put("fid", fid)
                .put("fileUrl", place.publicUrl() + "/" + fid)
                .put("size", stored.bytes())
                .put("eTag", stored.eTag())), parameters);
    }

    private static String time(Parameters parameters) {
        long seconds = parameters.unsignedOr("ts", 0);
        return seconds > 0 ? "?ts=" + seconds : "";
    }

    private static Map<String, String> pairs(Request request) {
        Map<String, String> pairs = new LinkedHashMap<>();
        request.headers().forEach(header -> {
            if (header.getKey().toLowerCase(Locale.ROOT).startsWith(PAIR_PREFIX)) pairs.put(header.getKey(), header.getValue());
        });
        return pairs;
    }
}
