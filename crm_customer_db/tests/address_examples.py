# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addresses as people write them, with the parts a postal clerk would find.

Columns: country | street | street2 | name | number | floor | door. No country means
the address came without one.
"""

EXAMPLES = """\
ES | C/ Mayor s/n |  | C/ Mayor | s/n |  |
ES | Pol. Ind. Las Mercedes, nave 7 |  | Pol. Ind. Las Mercedes |  |  | nave 7
ES | Ctra. N-II, km 4,2 |  | Ctra. N-II | km 4,2 |  |
ES | C/ Mayor 5, bloque 3, esc. B, 4º izda |  | C/ Mayor | 5 | 4º | izda
ES | bloque 3, esc. B, 4º izda |  | bloque 3, esc. B |  | 4º | izda
ES | C/ Mayor 5 | bloque 3, esc. B, 4º izda | C/ Mayor | 5 | 4º | izda
ES | Calle Balmes 5, entlo. 2ª |  | Calle Balmes | 5 | entlo. | 2ª
ES | Apdo. 123 |  | Apdo. 123 |  |  |
ES | Calle Mayor, 12, 3º B |  | Calle Mayor | 12 | 3º | B
ES | Calle Mayor 12, 3-B |  | Calle Mayor | 12 | 3 | B
ES | Calle Mayor 12 3º B |  | Calle Mayor | 12 | 3º | B
ES | Calle Mayor 12 - 3º B |  | Calle Mayor | 12 | 3º | B
ES | Avenida 9 de Julio 1234 |  | Avenida 9 de Julio | 1234 |  |
ES | C/ 2 de Mayo, 14 bis, bajo dcha. |  | C/ 2 de Mayo | 14 bis | bajo | dcha.
ES | Pza. de España 1, ático |  | Pza. de España | 1 | ático |
ES | Rúa do Vilar 12, 1º D |  | Rúa do Vilar | 12 | 1º | D
ES | Gran Vía 22 dpdo. |  | Gran Vía | 22 dpdo. |  |
MX | C. 31 nº 412 x 20 y 22 |  | C. 31 | 412 |  |
CO | Calle 26 # 13-19 |  | Calle 26 | 13-19 |  |
MX | Av. Insurgentes Sur 1602, Int. 301, Piso 3 |  | Av. Insurgentes Sur | 1602 | 3 | 301
MX | Calle 5 de Mayo No. 20-B |  | Calle 5 de Mayo | 20-B |  |
MX | Calle Cedro Mz 4 Lt 12 |  | Calle Cedro | Mz 4 Lt 12 |  |
MX | Mz 4 Lt 12 |  | Mz 4 Lt 12 |  |  |
AR | Av. Corrientes 1234 Piso 3° "B" |  | Av. Corrientes | 1234 | 3° | B
AR | Rivadavia 1234 7mo B |  | Rivadavia | 1234 | 7mo | B
GB | Flat 2, 12 High Street |  | High Street | 12 |  | 2
GB | 12A Station Rd |  | Station Rd | 12A |  |
US | 123 Main St Apt 4B |  | Main St | 123 |  | 4B
US | 1600 Pennsylvania Ave NW, Suite 200 |  | Pennsylvania Ave NW | 1600 |  | Suite 200
US | PO Box 123 |  | PO Box 123 |  |  |
DE | Hauptstr. 12a, 3. OG links |  | Hauptstr. | 12a | 3. OG | links
DE | Straße des 17. Juni 135 |  | Straße des 17. Juni | 135 |  |
FR | 12 bis, rue de la Paix, 3e étage, porte B |  | rue de la Paix | 12 bis | 3e | B
   | Calle Mayor 12, 3º B |  | Calle Mayor | 12 | 3º | B
   | 12 High Street |  | High Street | 12 |  |
   | Hauptstraße 12 |  | Hauptstraße | 12 |  |
   | Rue de la Loi 16 |  | Rue de la Loi | 16 |  |
BE | Rue de la Loi 16 bte 4 |  | Rue de la Loi | 16 |  | 4
ES | Calle Mayor 12 | 3º B | Calle Mayor | 12 | 3º | B
ES | Calle Mayor 12 | c/o Ana García | Calle Mayor | 12 |  |
ES | Calle Mayor 12 | Edificio Sol | Calle Mayor | 12 |  |
ES | Urb. Los Pinos 3, C/ Roble 12, 2º B |  | Urb. Los Pinos 3, C/ Roble | 12 | 2º | B
ES | Calle Mayor 12, 3B |  | Calle Mayor | 12 | 3 | B
ES | Calle Mayor 12-3º-B |  | Calle Mayor | 12 | 3º | B
ES | Calle Mayor 12, 3, 2 |  | Calle Mayor | 12 | 3 | 2
ES | Calle Mayor nº 12, planta 3, puerta 2 |  | Calle Mayor | 12 | 3 | 2
ES | Calle Mayor 12, 3ª planta, pta. 2 |  | Calle Mayor | 12 | 3ª | 2
ES | Calle Mayor 12, Edificio Sol, 3º B |  | Calle Mayor | 12 | 3º | B
ES | Calle Mayor 12, frente al bar Pepe |  | Calle Mayor | 12 |  |
ES | Avenida Juan XXIII 12 |  | Avenida Juan XXIII | 12 |  |
ES | Carrer de Balmes 12, 3r 2a |  | Carrer de Balmes | 12 | 3r | 2a
ES | Ctra. M-506 km 3,5 |  | Ctra. M-506 | km 3,5 |  |
ES | Calle Mayor 12, local 4 |  | Calle Mayor | 12 |  | local 4
ES | Calle Mayor 12 bajo |  | Calle Mayor | 12 | bajo |
ES | Calle Mayor 12, sótano 2, oficina 3-B |  | Calle Mayor | 12 | sótano 2 | oficina 3-B
ES | Calle Torre 3, portal 2, escalera izquierda, 4º A |  | Calle Torre | 3 | 4º | A
ES | 12, Calle Mayor |  | Calle Mayor | 12 |  |
ES | Plaza Mayor, 3º B |  | Plaza Mayor |  | 3º | B
ES | Plaza Mayor |  | Plaza Mayor |  |  |
GB | Rose Cottage, 12 High Street, Soho |  | High Street | 12 |  |
GB | 221B Baker Street |  | Baker Street | 221B |  |
US | 350 5th Ave, 3rd Floor |  | 5th Ave | 350 | 3rd |
US | Route 66 |  | Route 66 |  |  |
PT | Rua Augusta 12, 3º Esq. |  | Rua Augusta | 12 | 3º | Esq.
BR | Av. Paulista, 1578 - apto 42 |  | Av. Paulista | 1578 |  | 42
IT | Via Roma 12, int. 3, piano 2 |  | Via Roma | 12 | 2 | 3
NL | Keizersgracht 12-3 |  | Keizersgracht | 12-3 |  |
PL | ul. Marszałkowska 12/34 |  | ul. Marszałkowska | 12/34 |  |
ES | Calle Mayor 12 A, 2º C |  | Calle Mayor | 12 A | 2º | C
ES | Calle Mayor 12, 28001 Madrid |  | Calle Mayor | 12 |  |
ES | C/ Mayor, 12. 3º B |  | C/ Mayor | 12 | 3º | B
ES | Calle Mayor 12 Madrid |  | Calle Mayor 12 Madrid |  |  |
ES | Calle Mayor 12, esc. 2 3º B |  | Calle Mayor | 12 | 3º | B
ES | Calle Mayor 12 esc. B 4º izda. |  | Calle Mayor | 12 | 4º | izda.
ES | Avda. de la Constitución, 45, 2ª esc., 3º D |  | Avda. de la Constitución | 45 | 3º | D
ES | Calle Alcalá, nº 12, 3º izq. |  | Calle Alcalá | 12 | 3º | izq.
ES | Calle Alcalá, núm. 12 - 3º - izquierda |  | Calle Alcalá | 12 | 3º | izquierda
ES | C/Mayor,12,3ºB |  | C/Mayor | 12 | 3º | B
ES | c/ mayor 12 3ºb |  | c/ mayor | 12 | 3º | b
ES | CALLE MAYOR, 12 - 3º IZQ. |  | CALLE MAYOR | 12 | 3º | IZQ.
ES | CL MAYOR 12 Pl:03 Pt:B |  | CL MAYOR | 12 | 03 | B
ES | CL MAYOR 12 Es:1 Pl:03 Pt:B |  | CL MAYOR | 12 | 03 | B
ES | Avda. Diagonal 435, principal 1ª |  | Avda. Diagonal | 435 | principal | 1ª
ES | Avda. Diagonal 435, pral. 1ª |  | Avda. Diagonal | 435 | pral. | 1ª
ES | Passeig de Gràcia, 43, àtic 2a |  | Passeig de Gràcia | 43 | àtic | 2a
ES | Carrer Major, 5, baixos |  | Carrer Major | 5 | baixos |
ES | Autonomia kalea 12, 3. ezk. |  | Autonomia kalea | 12 | 3 | ezk.
ES | Camino Viejo de Simancas s/n, parcela 12 |  | Camino Viejo de Simancas | s/n |  |
ES | Urb. El Bosque, parcela 123 |  | Urb. El Bosque | parcela 123 |  |
ES | Urb. Los Pinos, casa 3 |  | Urb. Los Pinos | casa 3 |  |
ES | Pol. Ind. San Cristóbal, C/ Cobalto, 15, nave 3 |  | Pol. Ind. San Cristóbal, C/ Cobalto | 15 |  | nave 3
ES | Pol. Ind. El Segre, parc. 12-B, nave 2 |  | Pol. Ind. El Segre | parc. 12-B |  | nave 2
ES | Polígono Industrial Malpica, calle F, nº 65 |  | Polígono Industrial Malpica, calle F | 65 |  |
ES | Parque Tecnológico, edif. Bioincubadora, oficina 2 |  | Parque Tecnológico, edif. Bioincubadora |  |  | oficina 2
ES | Centro Comercial Grancasa, local 56 |  | Centro Comercial Grancasa |  |  | local 56
ES | Ctra. de Logroño km. 12,400, nave 3 |  | Ctra. de Logroño | km. 12,400 |  | nave 3
ES | Autovía A-2, p.k. 12,5 |  | Autovía A-2 | p.k. 12,5 |  |
ES | Plaza del Pilar, 3 duplicado, semisótano izq. |  | Plaza del Pilar | 3 duplicado | semisótano | izq.
ES | Calle Mayor, 12 bajo A |  | Calle Mayor | 12 | bajo | A
ES | Calle Mayor 12, bajo, local 2 |  | Calle Mayor | 12 | bajo | local 2
ES | Calle Mayor 12, sobreático |  | Calle Mayor | 12 | sobreático |
ES | Calle Mayor 12, portal 3, 2º C |  | Calle Mayor | 12 | 2º | C
ES | Calle Mayor 12 - portal 3 - 2º C |  | Calle Mayor | 12 | 2º | C
ES | Calle Mayor 12, piso 3º, puerta 4ª |  | Calle Mayor | 12 | 3º | 4ª
ES | Calle Mayor 12, 3er piso |  | Calle Mayor | 12 | 3er |
ES | Calle Mayor 12, 1º-1ª |  | Calle Mayor | 12 | 1º | 1ª
ES | Calle Mayor 12, 1-1 |  | Calle Mayor | 12 | 1 | 1
ES | Calle Mayor 12 1º1ª |  | Calle Mayor | 12 | 1º | 1ª
ES | Calle Mayor 12-14, 1º A |  | Calle Mayor | 12-14 | 1º | A
ES | Calle Mayor 12 y 14 |  | Calle Mayor | 12 y 14 |  |
ES | Paseo de la Castellana 259 D, planta 21 |  | Paseo de la Castellana | 259 D | 21 |
ES | Torre Picasso, planta 38 |  | Torre Picasso |  | 38 |
ES | Avenida de América 4, 7º ext. izda. |  | Avenida de América | 4 | 7º | ext. izda.
ES | Calle Doctor Fleming 3 (esquina Castellana) |  | Calle Doctor Fleming | 3 |  |
ES | Avenida de la Constitución de 1978 nº 5 |  | Avenida de la Constitución de 1978 | 5 |  |
ES | Plaza 1º de Mayo 5 |  | Plaza 1º de Mayo | 5 |  |
ES | Calle 1 de Mayo 7, 2 |  | Calle 1 de Mayo | 7 | 2 |
ES | Lista de Correos |  | Lista de Correos |  |  |
ES | Apartado de Correos 1234 |  | Apartado de Correos 1234 |  |  |
ES | Calle Mayor 12, apdo. 123 |  | Calle Mayor | 12 |  |
ES | Calle Mayor | 12 | Calle Mayor |  |  |
ES | Calle Mayor 12, 3º | B | Calle Mayor | 12 | 3º | B
ES | Calle Mayor 12 | bajo | Calle Mayor | 12 | bajo |
ES | Calle Mayor 12 | Planta 2, oficina 5 | Calle Mayor | 12 | 2 | oficina 5
ES | Calle Mayor 12 | Pol. Ind. Las Mercedes | Calle Mayor | 12 |  |
ES | Calle Mayor 12 | A la atención de Ana | Calle Mayor | 12 |  |
ES | Calle Mayor 12, 3º B | 4º C | Calle Mayor | 12 | 3º | B
ES | Calle Mayor, 12, Urb. Los Pinos |  | Calle Mayor | 12 |  |
ES | Calle Mayor 12 pta 3 |  | Calle Mayor | 12 |  | 3
ES | Calle Mayor 12, vivienda 3 |  | Calle Mayor | 12 |  | 3
ES | C. San Juan 7, 2.º B |  | C. San Juan | 7 | 2.º | B
ES | C. San Juan, 7-2.º B |  | C. San Juan | 7 | 2.º | B
ES | Ronda 3 |  | Ronda | 3 |  |
ES | Calle Sol, 3. 2ºA |  | Calle Sol | 3 | 2º | A
ES | Barrio de la Estación, s/n |  | Barrio de la Estación | s/n |  |
ES | Lugar de Arriba, 5 |  | Lugar de Arriba | 5 |  |
ES | Aldea Vilar nº5 |  | Aldea Vilar | 5 |  |
ES | Avda. Portugal, 3, 1.º, of. 4 |  | Avda. Portugal | 3 | 1.º | of. 4
MX | Calle 60 No. 491 x 57 y 59 |  | Calle 60 | 491 |  |
MX | Calle Morelos #45-B Int. 3 |  | Calle Morelos | 45-B |  | 3
MX | Av. Reforma 222, Piso 10, Col. Juárez |  | Av. Reforma | 222 | 10 |
MX | Calle Pino SM 12 Mz 4 Lt 12 |  | Calle Pino | SM 12 Mz 4 Lt 12 |  |
MX | Blvd. Adolfo López Mateos 1500 Local 12-A |  | Blvd. Adolfo López Mateos | 1500 |  | Local 12-A
MX | Av. 16 de Septiembre No. Ext. 20 No. Int. 3 |  | Av. 16 de Septiembre | 20 |  | 3
AR | Av. Santa Fe 1234 PB "A" |  | Av. Santa Fe | 1234 | PB | A
AR | Calle 12 Nº 1234 e/ 56 y 57 |  | Calle 12 | 1234 |  |
AR | San Martín 555, 3° piso, of. 12 |  | San Martín | 555 | 3° | of. 12
AR | Mitre 120 1er piso dpto. C |  | Mitre | 120 | 1er | C
CO | Cra. 7 No. 71-21 Of. 502 |  | Cra. 7 | 71-21 |  | Of. 502
CO | Avenida Calle 26 # 69-76 Torre 3 Piso 5 |  | Avenida Calle 26 | 69-76 | 5 |
CO | Transversal 3 # 49-00 apto 301 |  | Transversal 3 | 49-00 |  | 301
CL | Av. Providencia 1234, depto. 56 |  | Av. Providencia | 1234 |  | 56
PE | Jr. de la Unión 300, Int. 4 |  | Jr. de la Unión | 300 |  | 4
GB | Flat 2, 3rd Floor, 12 High Street |  | High Street | 12 | 3rd | 2
GB | Unit 5, Riverside Business Park |  | Riverside Business Park |  |  | Unit 5
GB | The Old Mill, Mill Lane |  | The Old Mill, Mill Lane |  |  |
GB | 10 Downing St. |  | Downing St. | 10 |  |
GB | 12-14 High Street |  | High Street | 12-14 |  |
IE | 12 O'Connell Street, Apt 3 |  | O'Connell Street | 12 |  | 3
AU | 2/12 George Street |  | George Street | 2/12 |  |
US | 123 Main St #4 |  | Main St | 123 |  | #4
US | 123 N 1st St, Apt. 4 |  | N 1st St | 123 |  | 4
US | 37-10 61st St Fl 2 |  | 61st St | 37-10 | 2 |
US | 123 Main St | Apt 4B | Main St | 123 |  | 4B
US | 123 Main St | Attn: Ana | Main St | 123 |  |
US | One Microsoft Way |  | One Microsoft Way |  |  |
US | 12345 Highway 12 |  | Highway 12 | 12345 |  |
DE | Hauptstr.12 |  | Hauptstr. | 12 |  |
DE | Am Markt 5, EG |  | Am Markt | 5 | EG |
DE | Lindenallee 5 b, Whg. 12 |  | Lindenallee | 5 b |  | 12
DE | Mannheim Q7, 24 |  | Mannheim Q7 | 24 |  |
AT | Mariahilfer Straße 12/3/14 |  | Mariahilfer Straße | 12/3/14 |  |
AT | Kärntner Ring 5, Top 3 |  | Kärntner Ring | 5 |  | 3
CH | Bahnhofstrasse 12 |  | Bahnhofstrasse | 12 |  |
FR | 5 bd Haussmann | Bât. B, escalier 2, 3e étage | bd Haussmann | 5 | 3e |
FR | 10 rue du 8 Mai 1945 |  | rue du 8 Mai 1945 | 10 |  |
FR | 1 place de la Concorde, RDC gauche |  | place de la Concorde | 1 | RDC | gauche
FR | BP 123 |  | BP 123 |  |  |
BE | Grote Markt 1 bus 4 |  | Grote Markt | 1 |  | 4
IT | Via XX Settembre, 5 |  | Via XX Settembre | 5 |  |
IT | Piazza Duomo 1, scala B, piano 2, int. 5 |  | Piazza Duomo | 1 | 2 | 5
PT | Rua da Prata, 12 - 3.º Dto |  | Rua da Prata | 12 | 3.º | Dto
PT | Av. da Liberdade 110, r/c |  | Av. da Liberdade | 110 | r/c |
BR | Rua XV de Novembro, 100, 5º andar, sala 501 |  | Rua XV de Novembro | 100 | 5º | sala 501
NL | Damrak 1-3 |  | Damrak | 1-3 |  |
SE | Storgatan 5 |  | Storgatan | 5 |  |
   | Carrer Major 5, 2n 1a |  | Carrer Major | 5 | 2n | 1a
   | Somewhere Lane 12 |  | Somewhere Lane | 12 |  |
   | 12 Somewhere |  | Somewhere | 12 |  |
   | Rua Augusta 12 |  | Rua Augusta | 12 |  |
   | Ljubljanska 12 |  | Ljubljanska | 12 |  |
   | Via Roma 12 |  | Via Roma | 12 |  |
ES | 3º B |  |  |  | 3º | B
ES | 12 |  |  | 12 |  |
ES | Calle Mayor 12, |  | Calle Mayor | 12 |  |
ES | Calle Mayor, 12 . |  | Calle Mayor | 12 |  |
"""


def examples():
    """Yield ``(country, street, street2, {part: value})``."""
    for line in EXAMPLES.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        cells += [""] * (7 - len(cells))
        country, street, street2, *parts = cells
        yield (
            country or None,
            street,
            street2 or None,
            dict(zip(("name", "number", "floor", "door"), parts, strict=True)),
        )
