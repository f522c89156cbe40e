"""Names of people and what makes e-mail addresses of them."""

import re
import unicodedata

MEN = [
    "Alberto", "Alejandro", "Alfonso", "Álvaro", "Andrés", "Ángel", "Antonio", "Carlos", "César", "Daniel", "David",
    "Diego", "Eduardo", "Emilio", "Enrique", "Ernesto", "Fernando", "Fidel", "Francisco", "Gabriel", "Gonzalo",
    "Guillermo", "Héctor", "Ignacio", "Ismael", "Javier", "Jesús", "Joaquín", "José", "José Antonio", "José Luis",
    "José María", "Juan", "Juan Carlos", "Julián", "Luis", "Manuel", "Marcos", "Mariano", "Mario", "Martín", "Miguel",
    "Miguel Ángel", "Nicolás", "Óscar", "Pablo", "Pascual", "Pedro", "Rafael", "Ramón", "Raúl", "Ricardo", "Rodrigo",
    "Rubén", "Salvador", "Santiago", "Sergio", "Tomás", "Vicente", "Víctor",
]  # fmt: skip
WOMEN = [
    "Adela", "Alba", "Alicia", "Amparo", "Ana", "Ana Belén", "Ana Isabel", "Ángela", "Beatriz", "Begoña", "Blanca",
    "Carmen", "Carolina", "Cecilia", "Clara", "Concepción", "Cristina", "Dolores", "Elena", "Elisa", "Esther",
    "Eva", "Gloria", "Inés", "Irene", "Isabel", "Julia", "Laura", "Leticia", "Lorena", "Lourdes", "Lucía", "Luisa",
    "María", "María José", "María Pilar", "María Teresa", "Marina", "Marta", "Mercedes", "Miriam", "Montserrat",
    "Natalia", "Noelia", "Nuria", "Olga", "Patricia", "Paula", "Pilar", "Raquel", "Rocío", "Rosa", "Rosario", "Sandra",
    "Sara", "Silvia", "Sonia", "Susana", "Teresa", "Yolanda",
]  # fmt: skip
SURNAMES = [
    "Abad", "Abadía", "Aguilar", "Aína", "Alastuey", "Albiac", "Alcalde", "Alcaine", "Alcolea", "Alonso", "Álvarez",
    "Andreu", "Aparicio", "Aragüés", "Arbués", "Arnal", "Artigas", "Asensio", "Ayerbe", "Aznar", "Ballarín", "Barrachina",
    "Barrio", "Belenguer", "Benedí", "Bernad", "Berges", "Bielsa", "Blasco", "Borao", "Bosque", "Bueno", "Buil", "Callizo",
    "Calvo", "Campos", "Cano", "Carrasco", "Casas", "Castán", "Castillo", "Castro", "Catalán", "Cebrián", "Clavería",
    "Clemente", "Cortés", "Crespo", "Cuartero", "Delgado", "Díaz", "Domínguez", "Echeverría", "Escartín", "Escudero",
    "Espinosa", "Esteban", "Fatás", "Fernández", "Ferrer", "Fleta", "Forcén", "Fuertes", "Gállego", "García", "Garcés",
    "Gascón", "Gil", "Gimeno", "Gómez", "González", "Gracia", "Guallar", "Guillén", "Gutiérrez", "Hernández", "Herrero",
    "Ibáñez", "Iglesias", "Izquierdo", "Jarque", "Jiménez", "Juste", "Lacasa", "Lafuente", "Laguna", "Lahoz", "Lanaspa",
    "Lasheras", "Latorre", "López", "Lorente", "Lozano", "Mainar", "Marco", "Marín", "Martín", "Martínez", "Mateo",
    "Melero", "Mendoza", "Millán", "Molina", "Monreal", "Morales", "Moreno", "Muñoz", "Murillo", "Navarro", "Nogués",
    "Olivares", "Oliván", "Ortega", "Ortiz", "Palacín", "Palacios", "Pardo", "Pascual", "Peiró", "Peña", "Pérez",
    "Pina", "Plou", "Portero", "Prieto", "Puértolas", "Ramírez", "Ramos", "Remón", "Rey", "Ríos", "Rivas", "Rodríguez",
    "Rojas", "Romeo", "Royo", "Rubio", "Ruiz", "Sáenz", "Salas", "Salinas", "Sánchez", "Sancho", "Santos", "Sanz",
    "Sarasa", "Serrano", "Sierra", "Solanas", "Soler", "Soria", "Soriano", "Tena", "Tobajas", "Torres", "Ubide", "Urbano",
    "Usón", "Val", "Valero", "Vallejo", "Vela", "Vicente", "Villa", "Villanueva", "Yus", "Zaera", "Zamora", "Zapata",
]  # fmt: skip


def person(rng):
    """A name with two surnames.

    :return: tuple (full name, gender)
    """
    gender = rng.choice(["male", "female"])
    given = rng.choice(MEN if gender == "male" else WOMEN)
    first, second = rng.sample(SURNAMES, 2)
    return f"{given} {first} {second}", gender


def slug(text):
    """Lower case ASCII without blanks, for e-mail addresses.

    >>> slug("Talleres Mecánicos del Ebro, S.A.")
    'talleresmecanicosdelebro'
    """
    text = re.sub(r",? S\.? ?(A|L|L\.U|Coop|A\.T)\.?.*$", "", text)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def mailbox(full_name):
    """The part of an address before the @: given name and first surname.

    >>> mailbox("José Luis Gállego Royo")
    'jose.gallego'
    """
    words = full_name.split()
    return f"{slug(words[0])}.{slug(words[-2])}"
