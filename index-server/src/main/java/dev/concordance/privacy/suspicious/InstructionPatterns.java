package dev.concordance.privacy.suspicious;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The phrases by which texts are known to speak to a model. A line is a phrase: steps of which each is one of some words; after
 * {@code +} the next word has to follow, after {@code >} at most three others may stand between.
 */
final class InstructionPatterns {
    /** One of the words, and whether others may stand before it. */
    record Step(Set<String> words, boolean adjacent) {}

    private static final String PHRASES = """
            ignore|disregard|forget > previous|prior|above|earlier|preceding|foregoing|original|initial|system|your > instructions|instruction|prompt|prompts|directions|directives|guidelines|commands|rules
            ignore|disregard|forget > everything > above|before|previously|prior
            override|bypass > system|previous|prior|your > prompt|prompts|instructions
            reveal|print|repeat|output|display|leak|disclose|show > your > system|initial|hidden|original|secret > prompt|prompts|instructions|message
            you + are|re + now + dan|unrestricted|jailbroken|uncensored|unfiltered
            you + are|re + now + in + developer|god|dan|jailbreak|admin + mode
            enter|enable|activate > dan|jailbreak + mode
            do + anything + now
            do + not > tell|inform|alert|notify + the + user
            without > telling|informing|alerting|notifying + the + user
            your + new + instructions|instruction|directive|directives|objective|prompt + is|are
            from + now + on + you > act|respond|answer|behave|obey|reply|pretend
            act|answer|respond|pretend|behave > without|no > restrictions|limitations|filters|censorship
            ai|llm|llms > reading|processing|summarizing + this
            ignoriere|ignorieren|ignorier|missachte|missachten|vergiss|vergessen > vorherigen|vorherige|bisherigen|bisherige|obigen|obige|vorigen|früheren|frühere|vorangegangenen|vorangehenden|ursprünglichen > anweisungen|anweisung|instruktionen|befehle|vorgaben|regeln|richtlinien
            zeige|nenne|verrate|wiederhole|gib > deinen|deine|dein > systemprompt|systemanweisungen|systemanweisung
            du + bist + jetzt|nun + dan|uneingeschränkt|ungefiltert|unzensiert
            ignore|ignorez|ignorer|oublie|oubliez|oublier > instructions|consignes|directives|règles|ordres > précédentes|précédents|antérieures|préalables|initiales|dessus
            révèle|révélez|affiche|affichez|montre|montrez|répète|répétez > prompt|instructions > système
            ignora|ignore|ignorad|ignorar|olvida|olvide|olvidar > instrucciones|indicaciones|órdenes|reglas|directrices > anteriores|previas|previos|iniciales
            ignora|ignore|ignorad|ignorar|olvida|olvide|olvidar > anteriores|previas > instrucciones|indicaciones|órdenes|reglas|directrices
            revela|muestra|imprime|repite > prompt|instrucciones|mensaje > sistema
            ignora|ignorate|ignorare|dimentica|dimenticate|dimenticare > istruzioni|indicazioni|regole|direttive > precedenti|iniziali|sopra
            ignora|ignorate|ignorare|dimentica|dimenticate|dimenticare > precedenti > istruzioni|indicazioni|regole|direttive
            ignore|ignora|ignorar|esqueça|esquece|esquecer|desconsidere > instruções|orientações|regras|diretrizes > anteriores|prévias|iniciais|acima
            negeer|vergeet > vorige|voorgaande|eerdere|bovenstaande > instructies|opdrachten|aanwijzingen|regels|richtlijnen
            zignoruj|ignoruj|zapomnij|pomiń > poprzednie|poprzednich|wcześniejsze|wcześniejszych|powyższe|dotychczasowe > instrukcje|instrukcji|polecenia|poleceń|wytyczne
            игнорируй|игнорируйте|проигнорируй|проигнорируйте|забудь|забудьте > предыдущие|предыдущих|прошлые|прежние|вышеуказанные > инструкции|инструкций|указания|команды|правила
            """;

    /** As above, of languages that are written without spaces: up to twelve characters may stand between two steps. */
    private static final String GLYPHS = """
            忽略|无视|無視|忘记|忘記 > 之前|以前|先前|前面|以上|上述|上面 > 指令|指示|命令|提示|规则|規則
            以前|これまで|上記|前述|直前|先 > 指示|命令|指令|プロンプト > 無視|忘れ
            이전|앞의|위의|기존 > 지시|명령|지침|프롬프트 > 무시|잊
            """;

    /** What separates the parts of a conversation in the input of a model, and has no place in a document. */
    private static final List<String> MARKS = List.of(
            "<|im_start|>",
            "<|im_end|>",
            "<|system|>",
            "<|user|>",
            "<|assistant|>",
            "<|endoftext|>",
            "<|eot_id|>",
            "<|start_header_id|>",
            "<|begin_of_text|>",
            "[INST]",
            "[/INST]",
            "<<SYS>>",
            "<</SYS>>",
            "### Instruction:");

    private InstructionPatterns() {}

    /** The phrases by each word that one of them begins with. */
    static Map<String, List<List<Step>>> phrases() {
        return byBeginning(PHRASES);
    }

    /** The phrases without spaces by each beginning. */
    static Map<String, List<List<Step>>> glyphs() {
        return byBeginning(GLYPHS);
    }

    /** The marks by their first character. */
    static Map<Character, List<String>> marks() {
        return MARKS.stream().collect(Collectors.groupingBy(mark -> mark.charAt(0)));
    }

    private static Map<String, List<List<Step>>> byBeginning(String lines) {
        var phrases = new HashMap<String, List<List<Step>>>();
        lines.lines().map(InstructionPatterns::steps).forEach(steps -> {
            for (var word : steps.getFirst().words()) {
                phrases.computeIfAbsent(word, key -> new ArrayList<>()).add(steps);
            }
        });
        return Map.copyOf(phrases);
    }

    private static List<Step> steps(String line) {
        return Arrays.stream(line.replace(" + ", " > +").split(" > ", -1))
                .map(step -> new Step(Set.of(step.replace("+", "").split("\\|", -1)), step.startsWith("+")))
                .toList();
    }
}
