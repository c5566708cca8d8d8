package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may ask a master, and what it signs for whom. */
class GuardedMasterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void guardedPathsAreForTheWhiteListAndTheOthersForAll() throws Exception {
        MasterSecurity security = new MasterSecurity("", 10, "", 60, List.of("10.0.0.0/8"));
        try (MasterHarness harness = new MasterHarness(new MemoryDisk(), config -> config.withSecurity(security))) {
            harness.connected("a", "r1", 10);
            for (String path : List.of("/dir/assign", "/dir/lookup?volumeId=1", "/dir/status", "/vol/grow?count=1", "/vol/status",
                    "/vol/vacuum", "/col/delete?collection=x", "/collection/info?collection=x", "/submit")) {
                HttpResponse<String> refused = harness.get(path);
                assertThat(refused.statusCode()).as(path).isEqualTo(401);
                assertThat(refused.body()).as(path).isEmpty();
                assertThat(harness.postForm(path, "count=1").statusCode()).as(path).isEqualTo(401);
            }
            for (String path : List.of("/", "/ui/index.html", "/healthz", "/readyz", "/cluster/status", "/cluster/healthz")) {
                assertThat(harness.get(path).statusCode()).as(path).isEqualTo(200);
            }
            assertThat(harness.get("/1,01637037d6").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void tokensAreForOneFileHoweverItIsWritten() throws Exception {
        MasterSecurity security = new MasterSecurity("write key", 10, "read key", 60, List.of());
        try (MasterHarness harness = new MasterHarness(new MemoryDisk(), config -> config.withSecurity(security))) {
            harness.connected("a", "r1", 10);
            String fid = harness.grpc().assign(AssignRequest.getDefaultInstance()).getFid();
            String lookup = "/dir/lookup?fileId=" + fid;
            Await.until("the volume is found", PATIENCE, () -> harness.get(lookup).statusCode() == 200);
            String writes = token(harness.get(lookup));
            for (String form : List.of("", "_1", ".jpg", "_1.jpg")) {
                assertThat(claims(token(harness.get(lookup + form)))).as(form).startsWith("{\"fid\":\"" + fid + "\",\"exp\":");
                String overGrpc = harness.grpc().lookupVolume(LookupVolumeRequest.newBuilder().addVolumeOrFileIds(fid + form).build())
                        .getVolumeIdLocations(0).getAuth();
                assertThat(claims(overGrpc)).as(form).startsWith("{\"fid\":\"" + fid + "\",\"exp\":");
            }
            String reads = token(harness.get(lookup + "&read=yes"));
            assertThat(claims(reads)).startsWith("{\"fid\":\"" + fid + "\",");
            assertThat(signature(reads)).isNotEqualTo(signature(writes));
            HttpResponse<String> ofVolume = harness.get("/dir/lookup?volumeId=" + fid);
            assertThat(ofVolume.statusCode()).isEqualTo(200);
            assertThat(ofVolume.headers().firstValue("Authorization")).isEmpty();
            HttpResponse<String> assigned = harness.get("/dir/assign");
            assertThat(assigned.body()).contains(claims(token(assigned)).substring(1).replaceFirst(",\"exp.*", ""));
        }
    }

    private static String token(HttpResponse<String> answer) {
        String header = answer.headers().firstValue("Authorization").orElse("");
        assertThat(header).startsWith("Bearer ");
        return header.substring("Bearer ".length());
    }

    private static String claims(String token) {
        assertThat(token).contains(".");
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    }

    private static String signature(String token) {
        return token.split("\\.")[2];
    }
}
