package io.streamforge.controlplane;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.streamforge.controlplane.access.AllowedTo;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RestController;

/** The borders of this module and within it. */
class BordersTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.streamforge.controlplane");

    @Test
    void controlPlaneKnowsNoCamelNoStreamAndOfOtherModulesTheLanguageOfExpressionsOnly() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache..")
                        .or(resideInAPackage("io.streamforge..")
                                .and(resideOutsideOfPackage("io.streamforge.controlplane.."))
                                .and(resideOutsideOfPackage("io.streamforge.expression.."))))
                .check(CLASSES);
    }

    @Test
    void packagesDependOnEachOtherOneWay() {
        slices().matching("io.streamforge.controlplane.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void everyHandlerNamesItsCaller() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(RestController.class)
                .and()
                .areNotPrivate()
                .and()
                .areNotStatic()
                .should()
                .beAnnotatedWith(AllowedTo.class)
                .check(CLASSES);
    }
}
