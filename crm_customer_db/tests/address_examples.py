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
ES | Parque Tecnológico, edif. Bioincubadora, oficina 2 |  | Parque Tecnológico |  |  | oficina 2
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
ES | Ctra. Nacional 340 |  | Ctra. Nacional 340
AR | Ruta 8 |  | Ruta 8
ES | Principal, 4º |  | Principal |  | 4º
ES | Calle Mayor 15, B dcha. |  | Calle Mayor | 15 |  | B dcha.
ES | Puerta del Sol |  | Puerta del Sol |  |  |
ES | Puerta del Sol 3 |  | Puerta del Sol | 3 |  |
ES | Puerta del Sol, 3, 2º izq |  | Puerta del Sol | 3 | 2º | izq
ES | Pl. Mayor |  | Pl. Mayor |  |  |
ES | Pl. Mayor 3 |  | Pl. Mayor | 3 |  |
ES | Principal |  | Principal |  |  |
ES | Calle Principal 12 |  | Calle Principal | 12 |  |
ES | Calle Bajo 3 |  | Calle Bajo | 3 |  |
ES | Plaza Mayor, bajo |  | Plaza Mayor |  | bajo |
ES | Calle Portal de Elche 3, 2º |  | Calle Portal de Elche | 3 | 2º |
ES | Calle Mayor 12, 2.ª planta, puerta D |  | Calle Mayor | 12 | 2.ª | D
ES | Calle Mayor 12, escalera A, piso 2, letra C |  | Calle Mayor | 12 | 2 | C
ES | Calle Mayor, 12, esc. dcha., 2º izda. |  | Calle Mayor | 12 | 2º | izda.
ES | Calle Mayor, 12, 2º centro dcha. |  | Calle Mayor | 12 | 2º | centro dcha.
ES | Calle Mayor, 12, ático izda |  | Calle Mayor | 12 | ático | izda
ES | Calle Mayor, 12 1º Dcha |  | Calle Mayor | 12 | 1º | Dcha
ES | C/ Conde de Aranda 4-6, local |  | C/ Conde de Aranda | 4-6 |  | local
ES | C/ Conde de Aranda, 4-6 local bajo |  | C/ Conde de Aranda | 4-6 | bajo | local
ES | Calle Mayor 12 local dcha. |  | Calle Mayor | 12 |  | local dcha.
ES | C/ San Vicente Mártir 16, 46002 València |  | C/ San Vicente Mártir | 16 |  |
ES | C/ Bravo Murillo, 38 - 2ª planta |  | C/ Bravo Murillo | 38 | 2ª |
ES | Avda. de Europa, 19, Edificio 3, 2ª planta |  | Avda. de Europa | 19 | 2ª |
ES | Avda. de Burgos, 16D, 10ª |  | Avda. de Burgos | 16D | 10ª |
ES | Paseo de la Habana 9-11, 5º |  | Paseo de la Habana | 9-11 | 5º |
ES | Pº de la Castellana, 95, planta 28, Edif. Torre Europa |  | Pº de la Castellana | 95 | 28 |
ES | Ctra. Nacional 340, km. 1.045 |  | Ctra. Nacional 340 | km. 1.045 |  |
ES | Carretera N-340 Km 1045,5 |  | Carretera N-340 | Km 1045,5 |  |
ES | Ctra. de Cádiz 12 |  | Ctra. de Cádiz | 12 |  |
ES | Polígono 5, parcela 43 |  | Polígono 5 | parcela 43 |  |
ES | Polígono 12 Parcela 43 |  | Polígono 12 | Parcela 43 |  |
ES | Pol. Ind. La Cartuja, parcela 3-4 |  | Pol. Ind. La Cartuja | parcela 3-4 |  |
ES | P.I. Cogullada, C/ Benjamín Franklin, 17 |  | P.I. Cogullada, C/ Benjamín Franklin | 17 |  |
ES | Mercazaragoza, nave 12 |  | Mercazaragoza |  |  | nave 12
ES | Plataforma Logística PLAZA, c/ Osca 4 |  | Plataforma Logística PLAZA, c/ Osca | 4 |  |
ES | Camino de los Molinos 32 |  | Camino de los Molinos | 32 |  |
ES | Cº Cabaldós, 60, nave 23 |  | Cº Cabaldós | 60 |  | nave 23
ES | C/ Tomás Bretón, nº 50, 3º A, esc. 2 |  | C/ Tomás Bretón | 50 | 3º | A
ES | C/ María de Luna, 11, nave 9 |  | C/ María de Luna | 11 |  | nave 9
ES | Gran Vía Marqués del Turia 49, 3ª |  | Gran Vía Marqués del Turia | 49 | 3ª |
ES | Gran Via de les Corts Catalanes, 585, pral. 2a |  | Gran Via de les Corts Catalanes | 585 | pral. | 2a
ES | C/ Pau Claris 100, 2n 2a B |  | C/ Pau Claris | 100 | 2n | 2a B
ES | Rbla. Catalunya, 2-4, 3r |  | Rbla. Catalunya | 2-4 | 3r |
ES | Ronda Sant Pere 19-21, 6è 4a |  | Ronda Sant Pere | 19-21 | 6è | 4a
ES | Alameda Mazarredo 15, 6º B Dcha. |  | Alameda Mazarredo | 15 | 6º | B Dcha.
ES | C/ Ercilla 24, 1.º dpto. 3 |  | C/ Ercilla | 24 | 1.º | 3
ES | Barrio San Juan, 12 |  | Barrio San Juan | 12 |  |
ES | Bº San Juan s/n |  | Bº San Juan | s/n |  |
ES | Lg. Outeiro, 5 - Bajo |  | Lg. Outeiro | 5 | Bajo |
ES | Urbanización Las Lomas, C/ Olivo nº 4 |  | Urbanización Las Lomas, C/ Olivo | 4 |  |
ES | Urb. Las Lomas, nº 4 |  | Urb. Las Lomas | 4 |  |
ES | Urb. Las Lomas 4 |  | Urb. Las Lomas | 4 |  |
ES | Residencial Los Olivos, bloque 2, 3º C |  | Residencial Los Olivos, bloque 2 |  | 3º | C
ES | Bloque 2, 3º C |  | Bloque 2 |  | 3º | C
ES | Edificio Europa, 3º C |  | Edificio Europa |  | 3º | C
ES | C/ 8 de Marzo, 3 |  | C/ 8 de Marzo | 3 |  |
ES | Calle 19 |  | Calle 19 |  |  |
ES | Avenida 3 de Abril 5 2ºC |  | Avenida 3 de Abril | 5 | 2º | C
ES | Plaza de los Sitios 8 2º |  | Plaza de los Sitios | 8 | 2º |
ES | Calle de Alcalá 50, 4.ª |  | Calle de Alcalá | 50 | 4.ª |
ES | Calle del 2 de Mayo, 4 |  | Calle del 2 de Mayo | 4 |  |
ES | Calle Pío XII, 3 |  | Calle Pío XII | 3 |  |
ES | Calle Uno 12 |  | Calle Uno | 12 |  |
ES | C/ A, 12 |  | C/ A | 12 |  |
ES | C/ A 12 |  | C/ A | 12 |  |
ES | Calle C, nº 12, nave B |  | Calle C | 12 |  | nave B
ES | Av. 1, 12 |  | Av. 1 | 12 |  |
ES | C/Alfonso I nº5 1ºC |  | C/Alfonso I | 5 | 1º | C
ES | Calle Mayor nº12 |  | Calle Mayor | 12 |  |
ES | Calle Mayor num.12 |  | Calle Mayor | 12 |  |
ES | Calle Mayor, No 12 |  | Calle Mayor | 12 |  |
ES | C/ Luis Vives, 6 bjo. |  | C/ Luis Vives | 6 | bjo. |
ES | C/ Luis Vives, 6 bajo izq, Zaragoza |  | C/ Luis Vives | 6 | bajo | izq
ES | C/ Mayor 12 1 A |  | C/ Mayor | 12 | 1 | A
ES | C/ Mayor 12, 1A |  | C/ Mayor | 12 | 1 | A
ES | C/ Mayor 12 1A |  | C/ Mayor | 12 | 1 | A
ES | C/ Mayor 12 2 izda |  | C/ Mayor | 12 | 2 | izda
ES | Calle Mayor 12, 3 º B |  | Calle Mayor | 12 | 3 º | B
ES | Calle Mayor 12, 3° B |  | Calle Mayor | 12 | 3° | B
ES | Calle Mayor 12, 3o B |  | Calle Mayor | 12 | 3o | B
ES | Calle Mayor 12, tercero B |  | Calle Mayor | 12 | tercero | B
ES | Calle Mayor 12, tercero derecha |  | Calle Mayor | 12 | tercero | derecha
ES | Calle Mayor 12, 3º, 2 |  | Calle Mayor | 12 | 3º | 2
ES | calle mayor 12 piso 3 puerta b |  | calle mayor | 12 | 3 | b
ES | Calle Mayor 12 P3 B |  | Calle Mayor | 12 | 3 | B
ES | Calle Mayor 12, Pta. Baja |  | Calle Mayor | 12 | Pta. Baja |
ES | Calle Mayor 12, Planta baja izquierda |  | Calle Mayor | 12 | Planta baja | izquierda
ES | Calle Mayor 12, c/v Sol |  | Calle Mayor | 12 |  |
MX | Av. Universidad 1200 Int 4-B |  | Av. Universidad | 1200 |  | 4-B
MX | Calle 20 #123-A por 15 y 17 |  | Calle 20 | 123-A |  |
MX | Priv. Juárez No. 12 Depto 3 |  | Priv. Juárez | 12 |  | 3
MX | Paseo de la Reforma 296 Piso 12 Of. B |  | Paseo de la Reforma | 296 | 12 | Of. B
MX | Carretera México-Toluca Km 15.5 |  | Carretera México-Toluca | Km 15.5 |  |
MX | Carr. Fed. 307 Km 285 |  | Carr. Fed. 307 | Km 285 |  |
MX | Benito Juárez 45 esq. Hidalgo |  | Benito Juárez | 45 |  |
AR | Av. Rivadavia 5432 4to "C" |  | Av. Rivadavia | 5432 | 4to | C
AR | Lavalle 1234, Piso 2, Of. 5 |  | Lavalle | 1234 | 2 | Of. 5
AR | Calle 7 N° 1234, 3° B |  | Calle 7 | 1234 | 3° | B
AR | Ruta 8 km 50 |  | Ruta 8 | km 50 |  |
CO | Carrera 15 # 88 - 64 Int. 2 |  | Carrera 15 | 88 - 64 |  | 2
CO | Diagonal 40A # 8-04 |  | Diagonal 40A | 8-04 |  |
CO | Calle 100 No. 8A-55 Torre C Piso 3 |  | Calle 100 | 8A-55 | 3 |
PE | Av. Arequipa 2450 Dpto. 302 |  | Av. Arequipa | 2450 |  | 302
CL | Los Leones 220, of. 51 |  | Los Leones | 220 |  | of. 51
GB | No. 12 High Street |  | High Street | 12 |  |
GB | 1st Floor, 12 High Street |  | High Street | 12 | 1st |
GB | Apartment 4, The Tower, 12-14 Dock Road |  | Dock Road | 12-14 |  | 4
GB | Unit 3B, 45 Trade Park |  | Trade Park | 45 |  | Unit 3B
GB | High Street |  | High Street |  |  |
GB | The Cottage |  | The Cottage |  |  |
US | 1 1/2 Main St |  | Main St | 1 1/2 |  |
US | 100 N Main St Ste 5 |  | N Main St | 100 |  | Ste 5
US | 123 E. 45th St., 12th Fl. |  | E. 45th St. | 123 | 12th |
US | W 45th St 12 |  | W 45th St | 12 |  |
US | 123 Main Street, Unit B |  | Main Street | 123 |  | Unit B
US | 1 Hacker Way, Bldg. 10 |  | Hacker Way | 1 |  |
US | P.O. Box 12 |  | P.O. Box 12 |  |  |
US | 123 Avenue of the Americas, 5th Floor, New York |  | Avenue of the Americas | 123 | 5th |
US | RR 2 Box 15 |  | RR 2 Box 15 |  |  |
CA | 10-123 Main St |  | Main St | 10-123 |  |
CA | 123 rue Principale, app. 4 |  | rue Principale | 123 |  | 4
FR | 12, rue de la Paix |  | rue de la Paix | 12 |  |
FR | 12B rue de la Paix |  | rue de la Paix | 12B |  |
FR | 12 ter rue de la Paix |  | rue de la Paix | 12 ter |  |
FR | 3 Allée des 4 Vents |  | Allée des 4 Vents | 3 |  |
FR | Lieu-dit Le Bourg |  | Lieu-dit Le Bourg |  |  |
FR | Résidence Les Pins, 12 rue du Bac, apt 4 |  | rue du Bac | 12 |  | 4
FR | ZI Nord, 5 rue Ampère |  | rue Ampère | 5 |  |
FR | 5, place du 11 Novembre |  | place du 11 Novembre | 5 |  |
DE | Unter den Linden 77 |  | Unter den Linden | 77 |  |
DE | Marktplatz 1, 2. Stock rechts |  | Marktplatz | 1 | 2. | rechts
DE | Musterstr. 12-14, Haus B |  | Musterstr. | 12-14 |  |
DE | Musterstr. 12 c |  | Musterstr. | 12 c |  |
DE | Im Winkel 3, Hinterhaus |  | Im Winkel | 3 |  |
CH | Rue du Rhône 12 |  | Rue du Rhône | 12 |  |
CH | Via Nassa 5 |  | Via Nassa | 5 |  |
IT | Corso Italia 12/A |  | Corso Italia | 12/A |  |
IT | Via Garibaldi n. 12, 3º piano |  | Via Garibaldi | 12 | 3º |
PT | Rua Direita nº 5, 2º Esq |  | Rua Direita | 5 | 2º | Esq
PT | Largo do Rato, 1 - R/C Dto |  | Largo do Rato | 1 | R/C | Dto
BR | Rua Augusta, nº 1.234, ap. 12 |  | Rua Augusta | 1.234 |  | 12
BR | SQN 305 Bloco A Apto 101 |  | SQN | 305 |  | 101
NL | Prinsengracht 263-267 |  | Prinsengracht | 263-267 |  |
NL | Kerkstraat 12 hs |  | Kerkstraat | 12 hs |  |
SE | Drottninggatan 12 B |  | Drottninggatan | 12 B |  |
PL | ul. Długa 5 m. 3 |  | ul. Długa | 5 |  | 3
IN | 12/3 MG Road |  | MG Road | 12/3 |  |
MA | 12, rue Ibn Batouta, étage 2, appt 5 |  | rue Ibn Batouta | 12 | 2 | 5
   | Puerta del Sol 3 |  | Puerta del Sol | 3 |  |
   | Avenida da Liberdade 110, 2º Esq |  | Avenida da Liberdade | 110 | 2º | Esq
   | Flat 3, 10 Queen's Road |  | Queen's Road | 10 |  | 3
   | Paseo Independencia 12 |  | Paseo Independencia | 12 |  |
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
