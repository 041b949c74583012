// The words of headers that people choose themselves.
#include "domain/import_layouts.hpp"

namespace galena::domain {
namespace {

using Target = ImportTarget;

// A word that means two things (German "Name", French "nom") stands where it may mean most; what
// stands beside it decides in import_layout.cpp.
constexpr HeaderWords kWords[] = {
    {Target::external_id, "id|record id|external id|contact id|lead id|customer id|customer number",
     "kundennummer|kundennr|kontakt id|datensatz id|kontaktnummer",
     "identifiant|numéro client|numéro de client", "identificador|número de cliente"},
    {Target::email,
     "email|email address|emailaddress|mail|work email|business email|company email|e-mail 1",
     "mailadresse|email adresse|emailadresse|geschäftliche e-mail",
     "courriel|adresse email|adresse mail|adresse courriel|adresse électronique|email professionnel"
     "|mail professionnel",
     "correo|correo electrónico|dirección de correo|dirección de correo electrónico|email "
     "profesional"},
    {Target::first_name, "first name|firstname|given name|forename", "vorname|rufname", "prénom",
     "nombre de pila|primer nombre"},
    {Target::last_name, "last name|lastname|surname|family name", "nachname|familienname|zuname",
     "nom de famille", "apellido|apellidos|primer apellido"},
    {Target::full_name, "name|full name|contact name|person|contact|lead|lead name|display name",
     "vollständiger name|ansprechpartner|ansprechpartnerin|kontakt|kontaktperson",
     "nom|nom complet|nom et prénom|prénom et nom|interlocuteur",
     "nombre|nombre completo|nombre y apellidos|contacto|persona de contacto"},
    {Target::phone,
     "phone|phone number|telephone|telephone number|tel|work phone|business phone|direct phone"
     "|office phone",
     "telefon|telefonnummer|telefonnr|rufnummer|festnetz|telefon geschäftlich",
     "téléphone|numéro de téléphone|tél|téléphone fixe|téléphone professionnel",
     "teléfono|número de teléfono|teléfono fijo|teléfono de trabajo"},
    {Target::mobile,
     "mobile|mobile phone|mobile number|cell|cell phone|cellphone|mobile phone number",
     "mobil|handy|mobiltelefon|mobilnummer|handynummer|mobilfunknummer",
     "portable|téléphone portable|mobile|téléphone mobile", "móvil|teléfono móvil|celular"},
    {Target::title, "title|job title|position|role|job|jobtitle|job role",
     "funktion|stelle|stellenbezeichnung|jobtitel|berufsbezeichnung|titel|beruf",
     "poste|fonction|titre|intitulé du poste", "cargo|puesto|título|puesto de trabajo"},
    {Target::seniority, "seniority|seniority level|job level|management level",
     "hierarchieebene|karrierestufe|führungsebene", "niveau hiérarchique|séniorité",
     "nivel jerárquico|nivel"},
    {Target::department, "department|team|division|job function", "abteilung|bereich",
     "service|département", "departamento|área"},
    {Target::company,
     "company|company name|organization|organisation|organization name|organisation name|employer"
     "|business|business name|firm|associated company",
     "firma|firmenname|unternehmen|unternehmensname|arbeitgeber|betrieb|gesellschaft",
     "société|entreprise|nom de la société|nom de l'entreprise|raison sociale|employeur"
     "|organisation",
     "empresa|nombre de la empresa|compañía|organización|razón social|sociedad"},
    {Target::company_domain,
     "website|web site|web|url|website url|company website|domain|company domain|homepage"
     "|company url|web address",
     "webseite|webadresse|internetadresse|internet|domäne|firmenwebsite|internetseite",
     "site web|site internet|site|domaine|adresse web",
     "sitio web|página web|web de la empresa|dominio"},
    {Target::company_size,
     "employees|number of employees|company size|employee count|headcount|no of employees|size"
     "|# employees|staff",
     "mitarbeiter|mitarbeiterzahl|anzahl mitarbeiter|mitarbeiteranzahl|unternehmensgröße"
     "|unternehmensgroesse|firmengröße|firmengroesse|beschäftigte",
     "effectif|effectifs|nombre d'employés|nombre de salariés|taille de l'entreprise"
     "|taille de la société|salariés",
     "empleados|número de empleados|tamaño de la empresa|plantilla"},
    {Target::company_revenue, "annual revenue|revenue|turnover|company revenue|annual turnover",
     "umsatz|jahresumsatz", "chiffre d'affaires|ca annuel",
     "facturación|ingresos anuales|ingresos"},
    {Target::industry, "industry|sector|vertical", "branche|industrie|wirtschaftszweig",
     "secteur|secteur d'activité|industrie", "sector|industria|ramo"},
    {Target::country, "country|country/region|country code|nation", "land|staat|länderkennung",
     "pays", "país"},
    {Target::region, "region|state|state/region|state/province|province|county",
     "bundesland|region|kanton", "région|département géographique|état", "región|provincia|estado"},
    {Target::city, "city|town", "stadt|ort|wohnort", "ville|localité",
     "ciudad|localidad|población"},
    {Target::postcode, "postcode|postal code|zip|zip code|zipcode|zip/postal code|post code",
     "plz|postleitzahl", "code postal|cp", "código postal"},
    {Target::owner, "owner|contact owner|lead owner|account owner|assigned to|sales rep|rep",
     "besitzer|inhaber|zuständig|zuständiger|verantwortlich|verantwortlicher|betreuer|bearbeiter",
     "propriétaire|responsable|commercial|attribué à",
     "propietario|responsable|comercial|asignado a"},
    {Target::status, "status|lead status|contact status", "leadstatus|kontaktstatus", "statut",
     "estatus|estado del lead"},
    {Target::stage, "stage|lifecycle stage|deal stage|pipeline stage|phase",
     "stufe|phase|verkaufsphase|lebenszyklusphase", "étape|phase|stade", "etapa|fase"},
    {Target::source, "source|lead source|original source|channel|origin",
     "quelle|herkunft|leadquelle|lead quelle|kanal", "origine|provenance|canal|source",
     "fuente|origen|canal"},
    {Target::rating, "rating|lead rating|score|lead score", "bewertung|einstufung",
     "évaluation|notation", "calificación|valoración"},
    {Target::created_at,
     "created at|created|create date|created date|creation date|date created|date added|added"
     "|signup date|registration date|date",
     "erstellt am|erstellt|erstellungsdatum|angelegt am|anlagedatum|erfasst am|datum",
     "créé le|date de création|date d'ajout|date",
     "creado el|fecha de creación|fecha de alta|fecha"},
    {Target::linkedin, "linkedin|linkedin url|linkedin profile|person linkedin url|linkedin link",
     "linkedin profil", "profil linkedin", "perfil de linkedin"},
    {Target::technologies, "technologies|tech stack|technology", "technologien", "", "tecnologías"},
    {Target::email_status, "email status|email verification status|email validity", "e-mail-status",
     "statut de l'email", "estado del correo"},
    {Target::deal_name, "deal name|deal|opportunity|opportunity name|deal title",
     "geschäft|verkaufschance|dealname|opportunity name|auftrag",
     "affaire|opportunité|nom de l'affaire|nom de l'opportunité",
     "negocio|oportunidad|nombre del negocio|nombre de la oportunidad"},
    {Target::amount, "amount|value|deal value|deal amount|deal size",
     "betrag|wert|auftragswert|summe|volumen|auftragsvolumen", "montant|valeur",
     "importe|valor|cantidad"},
    {Target::currency, "currency|currency code", "währung", "devise|monnaie", "moneda|divisa"},
    {Target::closed_at,
     "close date|closed at|closed date|closing date|expected close date|won date",
     "abschlussdatum|abschluss|geschlossen am|erwarteter abschluss",
     "date de clôture|date de signature|date de fermeture", "fecha de cierre"},
    {Target::won, "is won|won", "gewonnen", "gagné|gagnée", "ganado|ganada"},
    {Target::closed, "is closed|closed", "abgeschlossen", "clôturé|clôturée", "cerrado|cerrada"},
    {Target::contact, "contact email|contact|primary contact|contact person|email|contact e-mail",
     "ansprechpartner|kontakt|kontakt e-mail|e-mail|ansprechpartner e-mail",
     "contact|email du contact", "contacto|correo del contacto"},
    {Target::attended, "attended|attendance", "teilgenommen|teilnahme", "présent|a participé",
     "asistió"},
    {Target::event_at, "scanned at|scan time|submitted at|join time|attended at",
     "gescannt am|teilnahmezeit", "scanné le", "escaneado el"},
};

}  // namespace

std::span<const HeaderWords> generic_headers() {
  return kWords;
}

}  // namespace galena::domain
