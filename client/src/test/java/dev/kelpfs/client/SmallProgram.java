package dev.kelpfs.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A program that uses everything the client can do, for {@link OldJavaTest}. Uses nothing that needs a newer Java itself. */
public final class SmallProgram {
    private SmallProgram() {}

    public static void main(String[] arguments) throws IOException {
        try (FakeCluster cluster = new FakeCluster(2);
                KelpClient kelp = KelpClient.connect(
                        ClientOptions.of(cluster.masterAddress()).withChunksOf(1000).withAssignByStream())) {
            byte[] content = "hello".getBytes(UTF_8);
            StoredFile small = kelp.put(NewFile.of(content).named("hello.txt"), Placement.DEFAULT);
            check(Arrays.equals(kelp.get(small.id()).orElseThrow().readAll(), content), "read");
            byte[] part = kelp.get(small.id(), ByteRange.of(1, 3)).orElseThrow().readAll();
            check(Arrays.equals(part, "ell".getBytes(UTF_8)), "range");
            check(kelp.info(small.id()).orElseThrow().bytes().orElse(0) == 5, "info");
            check(kelp.put(NewFile.of(new byte[2500]), Placement.DEFAULT).chunks() == 3, "chunks");
            check(!kelp.locate(small.id().volume()).isEmpty(), "locate");
            check(kelp.deleteAll(List.of(small.id())).get(0) instanceof DeleteOutcome.Deleted, "delete all");
            check(kelp.delete(small.id()), "delete");
        }
        System.out.println("all done on Java " + Runtime.version().feature());
    }

    private static void check(boolean holds, String what) {
        if (!holds) throw new IllegalStateException(what + " went wrong");
    }
}
