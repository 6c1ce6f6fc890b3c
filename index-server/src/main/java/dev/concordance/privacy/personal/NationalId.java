package dev.concordance.privacy.personal;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Numbers by which a country knows a person. In a form, {@code 9} is a digit, {@code A} a capital letter, {@code X} one of both,
 * {@code _} perhaps a space, dot or dash, and everything else itself.
 */
enum NationalId {
    /** Social Security Number. */
    US(
            NationalIdRules::us,
            List.of("ssn", "social security"),
            List.of("999-99-9999"),
            List.of("999999999", "999 99 9999")),
    /** National Insurance Number. */
    GB(
            NationalIdRules::gb,
            List.of("national insurance", "nino", "ni number", "ni no"),
            List.of("AA 99 99 99 A"),
            List.of("AA999999A", "AA-99-99-99-A")),
    /** Steuer-Identifikationsnummer. */
    DE(
            NationalIdRules::de,
            List.of(
                    "steuer",
                    "steuer-id",
                    "steuerid",
                    "idnr",
                    "identifikationsnummer",
                    "steueridentifikationsnummer",
                    "tin"),
            List.of("99 999 999 999"),
            List.of("99999999999")),
    /** Numéro d'inscription au répertoire. */
    FR(NationalIdRules::fr, List.of(), List.of("9_99_99_9X_999_999_99"), List.of()),
    /** DNI and NIE. */
    ES(NationalIdRules::es, List.of(), List.of("99999999_A", "X_9999999_A"), List.of()),
    /** Codice fiscale. */
    IT(NationalIdRules::it, List.of(), List.of("AAAAAAXXAXXAXXXA"), List.of()),
    /** Burgerservicenummer. */
    NL(
            NationalIdRules::nl,
            List.of("bsn", "burgerservicenummer", "sofinummer", "sofi-nummer"),
            List.of(),
            List.of("999999999", "9999_99_999", "999_999_999")),
    /** AHV-Nummer. */
    CH(Checksums::ean13, List.of(), List.of("756_9999_9999_99"), List.of()),
    /** PESEL. */
    PL(NationalIdRules::pl, List.of("pesel"), List.of(), List.of("99999999999")),
    /** Rijksregisternummer, numéro national. */
    BE(
            NationalIdRules::be,
            List.of("rijksregister", "rijksregisternummer", "registre national", "numéro national"),
            List.of("99.99.99-999.99"),
            List.of("99999999999")),
    /** Personnummer. */
    SE(
            NationalIdRules::se,
            List.of("personnummer", "samordningsnummer"),
            List.of("999999-9999", "99999999-9999"),
            List.of("9999999999", "999999999999")),
    /** Fødselsnummer. */
    NO(NationalIdRules::no, List.of(), List.of("999999_99999"), List.of()),
    /** CPR-nummer, which has no check digit any more. */
    DK(NationalIdRules::dk, List.of("cpr", "cpr-nummer", "cpr-nr", "personnummer"), List.of(), List.of("999999_9999")),
    /** Henkilötunnus. */
    FI(NationalIdRules::fi, List.of(), List.of("999999-999X", "999999+999X", "999999A999X"), List.of()),
    /** Sozialversicherungsnummer. */
    AT(
            NationalIdRules::at,
            List.of("svnr", "sv-nummer", "sozialversicherungsnummer", "versicherungsnummer"),
            List.of(),
            List.of("9999_999999")),
    /** Número de identificação fiscal. */
    PT(NationalIdRules::pt, List.of("nif", "contribuinte"), List.of(), List.of("999999999", "999_999_999")),
    /** Cadastro de Pessoas Físicas. */
    BR(NationalIdRules::br, List.of("cpf"), List.of("999.999.999-99"), List.of("99999999999")),
    /** Resident identity card. */
    CN(NationalIdRules::cn, List.of(), List.of("99999999999999999X"), List.of());

    private final Predicate<String> valid;
    private final List<String> words;
    private final List<String> alone;
    private final List<String> announced;

    /**
     * Describes a number.
     *
     * @param valid whether letters and digits in capitals can be one
     * @param words that announce one
     * @param alone forms that nothing else has
     * @param announced forms that many things have, so that a word has to announce the number
     */
    NationalId(Predicate<String> valid, List<String> words, List<String> alone, List<String> announced) {
        this.valid = valid;
        this.words = words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
        this.alone = alone;
        this.announced = announced;
    }

    boolean isValid(String compact) {
        return valid.test(compact);
    }

    List<String> words() {
        return words;
    }

    List<String> alone() {
        return alone;
    }

    List<String> announced() {
        return announced;
    }
}
