package dev.kelpfs.rules;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds pairs of packages below a root that reach each other. */
final class PackageCircles {
    private PackageCircles() {}

    static List<String> in(JavaClasses classes, String root) {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (JavaClass type : classes) {
            if (!below(type.getPackageName(), root)) continue;
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = dependency.getTargetClass().getPackageName();
                if (below(target, root) && !target.equals(type.getPackageName())) {
                    arrows.computeIfAbsent(type.getPackageName(), from -> new TreeSet<>()).add(target);
                }
            }
        }
        List<String> circles = new ArrayList<>();
        for (String from : arrows.keySet()) {
            for (String to : arrows.get(from)) {
                if (from.compareTo(to) < 0 && reaches(arrows, to, from)) circles.add(from + " <-> " + to);
            }
        }
        return circles;
    }

    private static boolean reaches(Map<String, Set<String>> arrows, String from, String to) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            String here = open.pop();
            if (here.equals(to)) return true;
            if (seen.add(here)) open.addAll(arrows.getOrDefault(here, Set.of()));
        }
        return false;
    }

    private static boolean below(String name, String root) {
        return name.equals(root) || name.startsWith(root + ".");
    }
}
