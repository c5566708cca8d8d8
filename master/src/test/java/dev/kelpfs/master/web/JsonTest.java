package dev.kelpfs.master.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void membersKeepTheirOrderAndAreEscapedAsTheReferenceDoes() {
        String json = Json.object(object -> object.put("b", "<a>&\"\n").put("a", 1).putIfAny("c", "").putIfAny("d", 0).put("e", true));
        assertThat(json).isEqualTo("{\"b\":\"\\u003ca\\u003e\\u0026\\\"\\n\",\"a\":1,\"e\":true}");
    }

    @Test
    void indentsWithTwoBlanksAndLeavesStringsAlone() {
        assertThat(Json.indented("{\"a\":[1,2],\"b\":{},\"c\":\"x,{\\\"}\"}"))
                .isEqualTo("{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": \"x,{\\\"}\"\n}");
    }

    @Test
    void listsVolumesInRangesAndAtMostAHundred() {
        assertThat(TopologyJson.ranges(List.of())).isEmpty();
        assertThat(TopologyJson.ranges(List.of(1, 2, 3, 5, 7, 8))).isEqualTo("1-3 5 7-8");
        assertThat(TopologyJson.ranges(IntStream.rangeClosed(1, 150).boxed().toList())).isEqualTo("1-100 ...");
    }
}
